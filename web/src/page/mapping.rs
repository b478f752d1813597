//! What was understood of a table's columns, and where it can be changed.

use leptos::html::{Select, Summary};
use leptos::prelude::*;
use overtone_genre::Feature;
use overtone_tracks::{Choice, Choices, Role, Unit, short_number};

use super::playlist_texts as own;
use super::reading::Reading;
use super::{remembered, scale};
use crate::message::{ColumnInfo, Sureness, TableInfo};

/// A panel for each table with other column names.
#[component]
pub(crate) fn Mappings(reading: Reading) -> impl IntoView {
    let tables = move || {
        reading.tables.with(|tables| {
            let mut different: Vec<TableInfo> = Vec::new();
            for table in tables {
                if different
                    .iter()
                    .all(|known| known.fingerprint != table.fingerprint)
                {
                    different.push(table.clone());
                }
            }
            different
        })
    };
    let several = Memo::new(move |_| reading.tables.with(|tables| tables.len() > 1));
    view! {
        <For each=tables key=|table| (table.fingerprint.clone(), table.choices.clone(), table.name.clone()) let:table>
            <Mapping reading table=StoredValue::new(table) several />
        </For>
    }
}

/// One table's columns. Open by itself only if there is something to ask.
#[component]
fn Mapping(reading: Reading, table: StoredValue<TableInfo>, several: Memo<bool>) -> impl IntoView {
    let columns_of = table.with_value(|table| own::columns_of(&table.name));
    let (found, missing, is_open, was_chosen) = table.with_value(|table| {
        // Nothing is understood of a column without values, though somebody may have chosen it.
        let is_understood = |feature: &Feature| {
            let mut columns = table.columns.iter();
            let has_values = |column: &ColumnInfo| {
                column.role.as_deref() == Some(feature.name()) && !column.values.is_empty()
            };
            feature.is_audio() && columns.any(has_values)
        };
        let found = Feature::ALL.into_iter().filter(is_understood).count();
        let missing: Vec<&str> = table.missing.iter().map(String::as_str).collect();
        let asks = table.columns.iter().any(|column| {
            column.confidence == Some(Sureness::Unsure)
                || (column.unfit.is_some()
                    && column.role.is_none()
                    && is_feature_lost(table, column))
        });
        (
            found,
            if table.is_refused {
                // Why it was is told already, but not that there is a way on.
                Some(own::tell_columns().to_owned())
            } else {
                (!missing.is_empty()).then(|| own::missing(&missing, table.cost))
            },
            asks || !table.choices.is_empty() || table.is_refused,
            !table.choices.is_empty(),
        )
    });
    let is_open = table
        .with_value(|table| reading.kept.is_open(&table.fingerprint))
        .unwrap_or(is_open);
    // A hundred choices take longer to draw than the table of tracks, and few visitors open the panel.
    let wanted = RwSignal::new(is_open);
    let on_toggle = move |event: web_sys::Event| {
        table.with_value(|table| reading.kept.toggled(&table.fingerprint, &event));
        wanted.set(true);
    };
    let summary = move || {
        table.with_value(|table| {
            let name = several.get().then_some(table.name.as_str());
            let tool = table.tool.clone().map(own::said);
            own::understood(name, tool.as_deref(), found)
        })
    };
    let written = table.with_value(|table| own::written(&table.encoding, table.delimiter));
    let forget = move |_| {
        table.with_value(|table| {
            remembered::set(&table.fingerprint, "");
            // The button goes, and the focus with it.
            let last = (table.fingerprint.clone(), String::new());
            reading.chosen_last.set_value(Some(last));
        });
        reading.read_otherwise();
    };
    let summary_node = NodeRef::<Summary>::new();
    summary_node.on_load(move |summary| {
        if is_chosen_last(reading, table, "") {
            reading.chosen_last.set_value(None);
            let _ = summary.focus();
        }
    });
    let panel = move || {
        let columns = table.with_value(|table| table.columns.clone());
        let (written, columns_of) = (written.clone(), columns_of.clone());
        view! {
            <p class="fine">{written} ". " {own::mapping_hint()}</p>
            <div class="columns" tabindex="0" role="region" aria-label=columns_of>
                <table>
                    <thead>
                        <tr>
                            {own::mapping_headings()
                                .iter()
                                .map(|heading| view! { <th scope="col">{*heading}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {columns
                            .into_iter()
                            .enumerate()
                            .map(|(index, column)| view! { <ColumnRow reading table index column /> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            {was_chosen
                .then(|| {
                    view! {
                        <button type="button" class="quiet" on:click=forget>
                            {own::forget()}
                        </button>
                    }
                })}
        }
    };
    view! {
        {missing
            .map(|missing| {
                let name = move || several.get().then(|| table.with_value(|table| format!("{}: ", table.name)));
                view! { <p class="notice" data-testid="missing">{name} {missing}</p> }
            })}
        <details class="mapping" data-testid="mapping" open=is_open on:toggle=on_toggle>
            <summary node_ref=summary_node>{summary}</summary>
            {move || wanted.get().then(&panel)}
        </details>
    }
}

/// Whether this is the choice that was made last, by its name.
fn is_chosen_last(reading: Reading, table: StoredValue<TableInfo>, name: &str) -> bool {
    reading.chosen_last.with_value(|last| {
        last.as_ref().is_some_and(|(fingerprint, last)| {
            last == name && table.with_value(|table| table.fingerprint == *fingerprint)
        })
    })
}

/// Whether a feature is missing because this column was not read for it.
fn is_feature_lost(table: &TableInfo, column: &ColumnInfo) -> bool {
    let unfit = column.unfit.as_ref();
    unfit.is_some_and(|(role, _)| table.missing.contains(role))
}

#[component]
fn ColumnRow(
    reading: Reading,
    table: StoredValue<TableInfo>,
    index: usize,
    column: ColumnInfo,
) -> impl IntoView {
    let role = column.role.as_deref().and_then(Role::from_name);
    let unit = column.unit.as_deref().and_then(Unit::from_name);
    let (role_node, unit_node) = (NodeRef::<Select>::new(), NodeRef::<Select>::new());
    let choose = move |choice: Option<Choice>| {
        table.with_value(|table| {
            let mut choices = Choices::from_text(&table.choices);
            choices.set(index, choice);
            remembered::set(&table.fingerprint, &choices.to_string());
        });
        reading.read_otherwise();
    };
    let choose_role = move |event: web_sys::Event| {
        choose(Some(match Role::from_name(&event_target_value(&event)) {
            Some(role) => Choice::Read { role, unit: None },
            None => Choice::Ignore,
        }));
    };
    let choose_unit = move |event: web_sys::Event| {
        if let Some(role) = role {
            let unit = Unit::from_name(&event_target_value(&event));
            choose(Some(Choice::Read { role, unit }));
        }
    };
    let units: &[Unit] = match role {
        Some(Role::Feature(feature)) => Unit::of(feature),
        _ => &[],
    };
    let example = column
        .example
        .as_ref()
        .zip(role)
        .and_then(|((text, value), role)| match role {
            Role::Feature(feature) => {
                let shown = match feature {
                    Feature::Duration => scale::clock_time(*value),
                    // With a point, as files have it, so that what was read without a change looks the same.
                    _ => short_number(*value),
                };
                (shown != *text).then(|| own::example(text, &shown))
            }
            _ => None,
        });
    let sureness = match column.confidence {
        Some(Sureness::Certain) => "certain",
        Some(Sureness::Likely) => "likely",
        Some(Sureness::Unsure) => "unsure",
        None => "",
    };
    let name = if column.name.is_empty() {
        format!("{}", index + 1)
    } else {
        column.name.clone()
    };
    let (role_label, unit_label) = (own::read_as_label(&name), own::unit_label(&name));
    for (node, label) in [
        (role_node, role_label.clone()),
        (unit_node, unit_label.clone()),
    ] {
        node.on_load(move |select| {
            if is_chosen_last(reading, table, &label) {
                reading.chosen_last.set_value(None);
                let _ = select.focus();
            }
        });
    }
    let chosen_last = |label: &str| {
        Some((
            table.with_value(|table| table.fingerprint.clone()),
            label.to_owned(),
        ))
    };
    let (role_chosen, unit_chosen) = (chosen_last(&role_label), chosen_last(&unit_label));
    view! {
        <tr data-column=column.name.clone()>
            <th scope="row">{column.name.clone()}</th>
            <td class="values">{column.values.join(" | ")}</td>
            <td>
                <select
                    aria-label=role_label
                    node_ref=role_node
                    on:change=move |event| {
                        reading.chosen_last.set_value(role_chosen.clone());
                        choose_role(event);
                    }
                >
                    <option value="-" selected=role.is_none()>
                        {own::column_not_read()}
                    </option>
                    {Role::all()
                        .map(|each| {
                            view! {
                                <option value=each.name() selected=role == Some(each)>
                                    {own::role(each.name())}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                {column.unfit.map(|(_, why)| view! { <p class="unfit">{own::said(why)}</p> })}
            </td>
            <td>
                {(units.len() > 1)
                    .then(|| {
                        view! {
                            <select
                                aria-label=unit_label
                                node_ref=unit_node
                                on:change=move |event| {
                                    reading.chosen_last.set_value(unit_chosen.clone());
                                    choose_unit(event);
                                }
                            >
                                {units
                                    .iter()
                                    .map(|each| {
                                        view! {
                                            <option value=each.name() selected=unit == Some(*each)>
                                                {own::unit(each.name()).to_owned()}
                                            </option>
                                        }
                                    })
                                    .collect_view()}
                            </select>
                        }
                    })}
                {(units.len() == 1).then(|| unit.map(|unit| own::unit(unit.name()).to_owned()))}
                {example.map(|example| view! { <span class="example">{example}</span> })}
            </td>
            <td class=format!("sureness {sureness}")>{own::sureness(sureness)}</td>
        </tr>
    }
}
