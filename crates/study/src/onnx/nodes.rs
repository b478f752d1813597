//! The pieces that a graph is made of.

use super::messages::{
    AttributeProto, DimensionProto, NodeProto, TensorProto, TensorShapeProto, TensorTypeProto,
    TypeProto, ValueInfoProto, attribute, element,
};

/// A node with one output, which is also its name.
pub(super) fn node(
    operator: &str,
    inputs: &[&str],
    output: &str,
    attributes: Vec<AttributeProto>,
) -> NodeProto {
    NodeProto {
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        output: vec![output.to_owned()],
        name: output.to_owned(),
        op_type: operator.to_owned(),
        attribute: attributes,
        domain: String::new(),
    }
}

pub(super) fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        i: Some(value),
        ..named(name, attribute::INT)
    }
}

pub(super) fn text(name: &str, value: &str) -> AttributeProto {
    AttributeProto {
        s: Some(value.as_bytes().to_vec()),
        ..named(name, attribute::STRING)
    }
}

pub(super) fn ints(name: &str, values: Vec<i64>) -> AttributeProto {
    AttributeProto {
        ints: values,
        ..named(name, attribute::INTS)
    }
}

pub(super) fn floats(name: &str, values: Vec<f32>) -> AttributeProto {
    AttributeProto {
        floats: values,
        ..named(name, attribute::FLOATS)
    }
}

pub(super) fn strings<Text: AsRef<[u8]>>(
    name: &str,
    values: impl IntoIterator<Item = Text>,
) -> AttributeProto {
    let values = values.into_iter().map(|value| value.as_ref().to_vec());
    AttributeProto {
        strings: values.collect(),
        ..named(name, attribute::STRINGS)
    }
}

fn named(name: &str, r#type: i32) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type,
        ..AttributeProto::default()
    }
}

/// A constant of numbers, of the given shape; a single number has none.
pub(super) fn constant(name: &str, shape: &[i64], values: Vec<f32>) -> TensorProto {
    TensorProto {
        dims: shape.to_vec(),
        data_type: element::FLOAT,
        float_data: values,
        name: name.to_owned(),
        ..TensorProto::default()
    }
}

/// A constant of whole numbers.
pub(super) fn whole_constant(name: &str, shape: &[i64], values: Vec<i64>) -> TensorProto {
    TensorProto {
        dims: shape.to_vec(),
        data_type: element::INT64,
        int64_data: values,
        name: name.to_owned(),
        ..TensorProto::default()
    }
}

/// An input or output with a row for each track, of one element where there is no width.
pub(super) fn rows(
    name: &str,
    element_type: i32,
    width: Option<usize>,
    about: String,
) -> ValueInfoProto {
    let tracks = DimensionProto {
        dim_value: None,
        dim_param: Some("tracks".to_owned()),
    };
    let width = width.map(|width| DimensionProto {
        dim_value: i64::try_from(width).ok(),
        dim_param: None,
    });
    let shape = TensorShapeProto {
        dim: std::iter::once(tracks).chain(width).collect(),
    };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: element_type,
                shape: Some(shape),
            }),
        }),
        doc_string: about,
    }
}
