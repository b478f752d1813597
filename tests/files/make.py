#!/usr/bin/env python3
"""Makes the files in this folder, and beside each what it has to be read as.

Every file holds the same made-up tracks, written as one tool writes them; `NAME.expected.json` says what comes out. The
expectation is worked out here from the tracks and the tool's own rounding, never by reading the file.

    python3 tests/files/make.py
"""
import csv
import io
import json
import struct
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
RATIOS = ["danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence"]
FEATURES = RATIOS + ["loudness", "tempo", "duration_ms", "popularity"]

# Nobody has made these tracks.
TRACKS = [
    dict(id="SoMUq2gZwvpWORjZumBVWd", track="Nocturne for an Empty Hall", artists=["Ilse Brandt"], album="Quiet Rooms",
         date="2019-03-01", duration_ms=312000, popularity=41, danceability=0.21, energy=0.06, key=3, loudness=-27.4, mode=1,
         speechiness=0.042, acousticness=0.985, instrumentalness=0.91, liveness=0.09, valence=0.12, tempo=71.2, beats=4,
         genre="Classical"),
    dict(id="ZTYS355nRaLPGSjgCdC2BH", track="Warehouse, 4 a.m.", artists=["Nullpunkt"], album="Concrete",
         date="2023-06-02", duration_ms=402133, popularity=48, danceability=0.74, energy=0.86, key=1, loudness=-7.9, mode=1,
         speechiness=0.051, acousticness=0.006, instrumentalness=0.89, liveness=0.11, valence=0.23, tempo=128.004, beats=4,
         genre="techno"),
    dict(id="fj6Kpu9541pzWiPM3exynh", track='Back Porch "Blues"', artists=["The Hollow Pines", "Ed Wren"],
         album="Gravel Road", date="2017-08-25", duration_ms=214000, popularity=55, danceability=0.55, energy=0.62, key=9,
         loudness=-6.9, mode=1, speechiness=0.031, acousticness=0.22, instrumentalness=0.00001, liveness=0.12, valence=0.55,
         tempo=124.9, beats=4, genre="country"),
    dict(id="kY9pF34Qy6nB3Wwd25rq4f", track="No Sleep (Skit)", artists=["Kid Marble"], album="Blocks", date="2020-01-17",
         duration_ms=143200, popularity=57, danceability=0.79, energy=0.58, key=6, loudness=-7.4, mode=0, speechiness=0.36,
         acousticness=0.2, instrumentalness=0.0, liveness=0.28, valence=0.47, tempo=141.9, beats=4, genre="Hip-Hop"),
    dict(id="sTzSXNtswSBcbPwuEDOb6s", track="Ampère", artists=["Static Orchard"], album="Loud Weather", date="2015-10-02",
         duration_ms=241000, popularity=61, danceability=0.45, energy=0.92, key=10, loudness=-4.9, mode=0, speechiness=0.06,
         acousticness=0.002, instrumentalness=0.002, liveness=0.3, valence=0.48, tempo=151.2, beats=4, genre="Rock"),
]
NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
CAMELOT_MINOR = [5, 12, 7, 2, 9, 4, 11, 6, 1, 8, 3, 10]
CAMELOT_MAJOR = [8, 3, 10, 5, 12, 7, 2, 9, 4, 11, 6, 1]


def camelot(track):
    wheel = CAMELOT_MAJOR if track["mode"] else CAMELOT_MINOR
    return f"{wheel[track['key']]}{'B' if track['mode'] else 'A'}"


def key_words(track):
    return f"{NOTES[track['key']]} {'Major' if track['mode'] else 'Minor'}"


def clock(track):
    seconds = track["duration_ms"] // 1000
    return f"{seconds // 60:02}:{seconds % 60:02}"


def number(value):
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text or "0"


def percent(value):
    return str(round(value * 100))


def table(header, rows, delimiter=",", quote=csv.QUOTE_MINIMAL, end="\n"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quote, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def expected_rows(features=FEATURES, first_line=2, separator=";", genre=None, track=True, artist=True, **changes):
    """What the rows have to be read as: `changes` are functions from a track to a feature's value."""
    rows = []
    for index, made in enumerate(TRACKS):
        values = {}
        for feature in features:
            value = changes.get(feature, lambda track: track[feature])(made)
            if value is not None:
                values[feature] = value
        row = dict(line=first_line + index, features=values, problems=[])
        if track:
            row["track"] = made["track"]
        if artist:
            row["artist"] = separator.join(made["artists"])
        if genre:
            row["genre"] = made[genre]
        rows.append(row)
    return rows


def whole_percent(features=RATIOS):
    return {feature: (lambda track, feature=feature: round(track[feature] * 100) / 100) for feature in features}


def write(name, content, encoding="utf-8", **expected):
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    (HERE / (name + ".expected.json")).write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")


SPOTIFY = ["Danceability", "Energy", "Key", "Loudness", "Mode", "Speechiness", "Acousticness", "Instrumentalness",
           "Liveness", "Valence", "Tempo", "Time Signature"]
SPOTIFY_KEYS = ["danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
                "liveness", "valence", "tempo", "beats"]


def spotify(track):
    return [number(track[key]) for key in SPOTIFY_KEYS]


# --- Exportify, exportify.net -------------------------------------------------------------------------------------

EXPORTIFY = ["Track URI", "Track Name", "Album Name", "Artist Name(s)", "Release Date", "Duration (ms)", "Popularity",
             "Explicit", "Added By", "Added At", "Genres", "Record Label"]


def exportify_row(track, explicit=True, uri=True, separator=";"):
    row = [f"spotify:track:{track['id']}"] if uri else []
    row += [track["track"], track["album"], separator.join(track["artists"]), track["date"], track["duration_ms"],
            track["popularity"]]
    row += ["false"] if explicit else []
    return row + ["user1", "2026-01-14T20:42:05Z", "", "Made Up Records"] + spotify(track)


def exportify():
    tool = "Exportify (exportify.net)"
    header = EXPORTIFY + SPOTIFY
    current = table(header, map(exportify_row, TRACKS))
    write("exportify-net/2026.csv", "\ufeff" + current, tool=tool, encoding_found="UTF-8", delimiter=",",
          rows=expected_rows())
    no_explicit = [name for name in header if name != "Explicit"]
    rows = [exportify_row(track, explicit=False, separator=",") for track in TRACKS]
    write("exportify-net/2025-04.csv", "\ufeff" + table(no_explicit, rows), tool=tool, rows=expected_rows(separator=","))
    # For some minutes of 2025-05-23, the header named a column twice.
    twice = header[:8] + ["Explicit"] + header[8:]
    write("exportify-net/2025-05-23-explicit-twice.csv", table(twice, map(exportify_row, TRACKS)), tool=tool,
          notes=["A column name stands twice, but the rows have one cell for it: Explicit. The second was left out."],
          rows=expected_rows())
    ids = [[row[0].removeprefix("spotify:track:")] + row[1:] for row in rows]
    track_id = ["Track ID"] + no_explicit[1:]
    write("exportify-net/2024-12.csv", table(track_id, ids), tool=tool, rows=expected_rows(separator=","))
    # Tabs of the program's own layout got into the header.
    tabs = ["\t\t\t\tDanceability" if name == "Danceability" else name for name in track_id]
    write("exportify-net/2024-tab-header.csv", table(tabs, ids), tool=tool, rows=expected_rows(separator=","))
    write("exportify-net/2024-09-04-no-id.csv", table(no_explicit[1:], [row[1:] for row in rows]), tool=tool,
          rows=expected_rows(separator=","))
    first = ["Spotify ID", "Artist IDs", "Track Name", "Album ID", "Album Name", "Artist Name(s)", *no_explicit[4:7],
             "Added By", "Added At", "Genres", "Label", "Total Album Tracks", "Album Type", *SPOTIFY]
    firsts = [[row[0], "x1", row[1], "y1", row[2], row[3], *row[4:9], "", "Made Up Records", 9, "album", *row[11:]]
              for row in ids]
    write("exportify-net/2024-09-01.csv", table(first, firsts), tool=tool, rows=expected_rows(separator=","))
    old = ["Spotify ID", "Artist IDs", "Track Name"] + EXPORTIFY[2:7] + ["Added By", "Added At", "Genres"] + SPOTIFY
    write("exportify-net/2019.csv", table(old, [[row[0], "x1,x2", *row[1:9], "", *row[11:]] for row in ids]), tool=tool,
          rows=expected_rows(separator=","))
    # Where Spotify gave no features, the row ends early or says so.
    lines = current.splitlines()
    lines[2] = lines[2].split(",0.74,")[0]
    lines[4] = lines[4].replace(",0.79,0.58,", ",undefined,undefined,")
    rows = expected_rows()
    rows[1].update(features=dict(duration_ms=402133, popularity=48),
                   problems=["line 3: the row is too short: 12 of 24 cells; those beyond count as missing"])
    del rows[3]["features"]["danceability"], rows[3]["features"]["energy"]
    write("exportify-net/features-failed.csv", "\n".join(lines) + "\n", tool=tool, rows=rows)
    without = [row[:12] for row in map(exportify_row, TRACKS)]
    write("exportify-net/no-features.csv", table(EXPORTIFY, without),
          refused="There is no column of audio features.", refused_with=["exportify.net", "export the playlist again"])
    # Opened and saved by an Excel that expects semicolons: it has split rows only between artists, and filled them up.
    split = list(csv.reader(io.StringIO(current), delimiter=";"))
    longest = max(map(len, split))
    filled = [row + [""] * (longest - len(row)) for row in split]
    # Excel writes cells with some quotation marks in these, and no others.
    write("exportify-net/saved-by-a-german-excel.csv", "\ufeff" + table(filled[0], filled[1:], delimiter=";", end="\r\n"),
          tool=tool, delimiter=",", notes=[], rows=expected_rows())
    # Those of "Export all" have no byte order mark.
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in [("first.csv", current), ("notes.md", "not a table"), ("second.csv", current)]:
            info = zipfile.ZipInfo(name, (2026, 1, 14, 20, 42, 4))
            info.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(info, content)
    write("exportify-net/export-all.zip", archive.getvalue(), tables=["first.csv", "second.csv"],
          passed_over=["notes.md"], rows=expected_rows() + expected_rows())


# --- Exportify, exportify.app -------------------------------------------------------------------------------------

APP = {
    "english": ["Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name",
                "Album Artist URI(s)", "Album Artist Name(s)", "Album Release Date", "Album Image URL", "Disc Number",
                "Track Number", "Track Duration (ms)", "Track Preview URL", "Explicit", "Popularity", "ISRC", "Added By",
                "Added At", *SPOTIFY],
    "german": ["Track-URI", "Track-Name", "Künstler-URI(s)", "Künstlername(n)", "Album-URI", "Album-Name",
               "Album-Künstler-URI(s)", "Album-Künstlername(n)", "Veröffentlichungsdatum des Albums", "Album-Bild-URL",
               "Disc-Nummer", "Track-Nummer", "Track-Dauer (ms)", "Track-Vorschau-URL", "Explizit", "Beliebtheit", "ISRC",
               "Hinzugefügt von", "Hinzugefügt am", "Tanzbarkeit", "Energie", "Tonart", "Lautstärke", "Modus",
               "Sprachanteil", "Akustik", "Instrumentalität", "Lebendigkeit", "Valenz", "Tempo", "Taktart"],
    "spanish": ["URI de la canción", "Nombre de la canción", "URI(s) del artista", "Nombre(s) del artista",
                "URI del álbum", "Nombre del álbum", "URI(s) del artista del álbum", "Nombre(s) del artista del álbum",
                "Fecha de lanzamiento del álbum", "URL de la imagen del álbum", "Número de disco", "Número de la canción",
                "Duración de la canción (ms)", "URL de vista previa de la canción", "Explícito", "Popularidad", "ISRC",
                "Añadido por", "Añadido en", "Bailabilidad", "Energía", "Tonalidad", "Volumen", "Modo", "Hablado",
                "Acústica", "Instrumentalidad", "Vivacidad", "Valencia", "Tempo", "Compás"],
    "french": ["URI du titre", "Nom du titre", "URI(s) de l'artiste", "Nom(s) de l'artiste", "URI de l'album",
               "Nom de l'album", "URI(s) de l'artiste de l'album", "Nom(s) de l'artiste de l'album",
               "Date de sortie de l'album", "URL de l'image de l'album", "Numéro de disque", "Numéro du titre",
               "Durée du titre (ms)", "URL de prévisualisation du titre", "Explicite", "Popularité", "ISRC", "Ajouté par",
               "Ajouté le", "Danseabilité", "Énergie", "Tonalité", "Volume sonore", "Mode", "Parlabilité", "Acoustique",
               "Instrumental", "Vivacité", "Valence", "Tempo", "Mesure"],
    "italian": ["URI della traccia", "Nome della traccia", "URI dell'artista", "Nome dell'artista", "URI dell'album",
                "Nome dell'album", "URI dell'artista dell'album", "Nome dell'artista dell'album",
                "Data di rilascio dell'album", "URL dell'immagine dell'album", "Numero del disco", "Numero della traccia",
                "Durata della traccia (ms)", "URL di anteprima della traccia", "Esplicito", "Popolarità", "ISRC",
                "Aggiunto da", "Aggiunto il", "Ballabilità", "Energia", "Chiave", "Volume", "Modalità",
                "Linguaggio parlato", "Acustica", "Strumentalità", "Vivacità", "Valenza", "Tempo", "Battuta"],
    "portuguese": ["URI da faixa", "Nome da faixa", "URI(s) do artista", "Nome(s) do artista", "URI do álbum",
                   "Nome do álbum", "URI(s) do artista do álbum", "Nome(s) do artista do álbum",
                   "Data de lançamento do álbum", "URL da imagem do álbum", "Número do disco", "Número da faixa",
                   "Duração da faixa (ms)", "URL de prévia da faixa", "Explícita", "Popularidade", "ISRC",
                   "Adicionado por", "Adicionado em", "Dançabilidade", "Energia", "Tonalidade", "Volume", "Modo",
                   "Oralidade", "Acústica", "Instrumentalidade", "Vivacidade", "Valência", "Tempo", "Compasso"],
    "dutch": ["Nummer URI", "Nummernaam", "Artiest-URI", "Naam van artiest", "Album-URI", "Naam van album",
              "Artiest-URI van het album", "Naam van artiest op het album", "Releasedatum van het album",
              "Album afbeelding-URL", "Schijfnummer", "Nummernummer", "Nummerduur (ms)", "Voorbeeld-URL", "Expliciet",
              "Populariteit", "ISRC", "Toegevoegd door", "Toegevoegd op", "Dansbaarheid", "Energie", "Toonsoort",
              "Luidheid", "Modus", "Spraakzaamheid", "Akoestiek", "Instrumentaliteit", "Levendigheid", "Valentie", "Tempo",
              "Maatstreep"],
    "swedish": ["Låtens URI", "Låtens namn", "Artistens URI", "Artistens namn", "Albumets URI", "Albumets namn",
                "Albumartistens URI", "Albumartistens namn", "Albumets releasedatum", "Albumets bild-URL", "Skivnummer",
                "Låtnummer", "Låtlängd (ms)", "Förhandsgranskning URL", "Explicit", "Popularitet", "ISRC", "Tillagd av",
                "Tillagd vid", "Dansbarhet", "Energi", "Tonart", "Ljudstyrka", "Läge", "Talighet", "Akustik",
                "Instrumentalhet", "Livlighet", "Valens", "Tempo", "Taktart"],
    "turkish": ["Parça URI", "Parça Adı", "Sanatçı URI", "Sanatçı Adı", "Albüm URI", "Albüm Adı", "Albüm Sanatçı URI",
                "Albüm Sanatçı Adı", "Albüm Çıkış Tarihi", "Albüm Görsel URL", "Disk Numarası", "Parça Numarası",
                "Parça Süresi (ms)", "Parça Önizleme URL", "Açık İçerik", "Popülerlik", "ISRC", "Ekleyen",
                "Eklenme Tarihi", "Dans Edilebilirlik", "Enerji", "Ton", "Ses Seviyesi", "Mod", "Konuşma Oranı",
                "Akustiklik", "Enstrümantalite", "Canlılık", "Duygusallık", "Tempo", "Ölçü İşareti"],
    "greek": ["URI κομματιού", "Όνομα κομματιού", "URI καλλιτέχνη/ων", "Όνομα/τα καλλιτέχνη", "URI άλμπουμ",
              "Όνομα άλμπουμ", "URI καλλιτέχνη/ων άλμπουμ", "Όνομα/τα καλλιτέχνη άλμπουμ",
              "Ημερομηνία κυκλοφορίας άλμπουμ", "URL εικόνας άλμπουμ", "Αριθμός δίσκου", "Αριθμός κομματιού",
              "Διάρκεια κομματιού (ms)", "URL προεπισκόπησης κομματιού", "Ακατάλληλο", "Δημοτικότητα", "ISRC",
              "Προστέθηκε από", "Προστέθηκε στις", "Χορευτικότητα", "Ενέργεια", "Τονικότητα", "Ένταση", "Τρόπος",
              "Ομιλητικότητα", "Ακουστικότητα", "Οργανοκεντρικότητα", "Ζωντάνια", "Θετικότητα", "Ρυθμός", "Μέτρο"],
    "japanese": ["トラックURI", "トラック名", "アーティストURI", "アーティスト名", "アルバムURI", "アルバム名",
                 "アルバムアーティストURI", "アルバムアーティスト名", "アルバム発売日", "アルバム画像URL", "ディスク番号",
                 "トラック番号", "トラックの長さ（ミリ秒）", "トラックプレビューURL", "明示的な内容", "人気度", "ISRC", "追加者",
                 "追加日時", "ダンサビリティ", "エネルギー", "キー", "ラウドネス", "モード", "スピーチ性", "アコースティック性",
                 "インストゥルメンタル性", "ライブ感", "感情値", "テンポ", "拍子"],
    "arabic": ["رابط الأغنية (URI)", "اسم الأغنية", "روابط الفنانين (URI)", "أسماء الفنانين", "رابط الألبوم (URI)",
               "اسم الألبوم", "روابط فناني الألبوم (URI)", "أسماء فناني الألبوم", "تاريخ إصدار الألبوم",
               "رابط صورة الألبوم", "رقم القرص", "رقم الأغنية", "مدة الأغنية (بالمللي ثانية)", "رابط معاينة الأغنية", "صريح",
               "الشعبية", "ISRC", "أضيف بواسطة", "أضيف في", "قابلية الرقص", "الطاقة", "المفتاح", "مستوى الصوت", "النمط",
               "محتوى الكلام", "الطابع الصوتي", "الطابع الآلي", "الحيوية", "الإيجابية", "الإيقاع", "توقيع الزمن"],
    "chinese-simplified": ["曲目 URI", "曲目名称", "艺人 URI", "艺人名称", "专辑 URI", "专辑名称", "专辑艺人 URI",
                           "专辑艺人名称", "专辑发行日期", "专辑封面 URL", "光盘编号", "曲目编号", "曲目时长（毫秒）", "曲目试听 URL",
                           "含露骨内容", "热度", "ISRC", "添加者", "添加时间", "舞蹈性", "能量", "调性", "响度", "调式", "语音度",
                           "原声性", "器乐度", "现场感", "情绪效价", "速度", "拍号"],
    "chinese-traditional": ["曲目 URI", "曲目名稱", "藝人 URI", "藝人名稱", "專輯 URI", "專輯名稱", "專輯藝人 URI",
                            "專輯藝人名稱", "專輯發行日期", "專輯封面 URL", "光碟編號", "曲目編號", "曲目長度（毫秒）",
                            "曲目試聽 URL", "含露骨內容", "熱門度", "ISRC", "新增者", "新增時間", "舞蹈性", "能量", "調性", "響度",
                            "調式", "語音度", "原音性", "器樂度", "現場感", "情緒效價", "速度", "拍號"],
    "cantonese": ["歌 Link", "歌名", "Artist Link", "Artist 名", "專輯 Link", "專輯名", "專輯 Artist Link", "專輯 Artist 名",
                  "專輯發行日", "專輯封面條 Link", "碟片冧把", "曲目冧把", "曲目時長（毫秒）", "曲目試聽 Link", "家長指引", "熱門度",
                  "ISRC", "加入者", "加入時間", "舞蹈性", "能量", "調性", "響度", "調式", "語音度", "原音性", "器樂度", "現場感",
                  "情緒效價", "速度", "拍號"],
}


def app_row(track):
    artists = ", ".join(artist.replace(",", "\\,") for artist in track["artists"])
    return [f"spotify:track:{track['id']}", track["track"], "spotify:artist:x", artists, "spotify:album:y",
            track["album"], "spotify:artist:x", artists, track["date"], "https://i.scdn.co/image/z", 1, 2,
            track["duration_ms"], "", "false", track["popularity"], "ZZMU01100001", "", "2026-01-14T20:42:05Z"]


def exportify_app():
    for language, header in APP.items():
        rows = [app_row(track) + spotify(track) for track in TRACKS]
        write(f"exportify-app/{language}.csv", table(header, rows, quote=csv.QUOTE_ALL), tool="Exportify (exportify.app)",
              missing=[], rows=expected_rows(separator=", "))
        write(f"exportify-app/{language}-no-features.csv", table(header[:19], map(app_row, TRACKS), quote=csv.QUOTE_ALL),
              refused="There is no column of audio features.", refused_with=["Include audio features data"])
    # The tool puts commas between artists, and a backslash before one within a name.
    comma = [dict(track, artists=["Wren, the Elder", *track["artists"]]) for track in TRACKS]
    artists = expected_rows()
    for row, track in zip(artists, comma):
        row["artist"] = ", ".join(track["artists"])
    write("exportify-app/commas-in-artists.csv",
          table(APP["english"], [app_row(track) + spotify(track) for track in comma], quote=csv.QUOTE_ALL), rows=artists)
    old = ["Track URI", "Track Name", "Artist URI", "Artist Name", "Album URI", "Album Name", "Album Release Date",
           "Disc Number", "Track Number", "Track Duration (ms)", "Explicit", "Popularity", "Added By", "Added At"]
    rows = [[*row[:6], row[8], *row[10:13], row[14], row[15], *row[17:19]] for row in map(app_row, TRACKS)]
    write("exportify-app/2020-no-features.csv", table(old, rows, quote=csv.QUOTE_ALL),
          refused="There is no column of audio features.", refused_with=["exportify.net"])


# --- Chosic, Skiley ----------------------------------------------------------------------------------------------

def chosic():
    tool = "Chosic's playlist analyzer"
    header = ("#,Song,Artist,BPM,Camelot,Energy,Added At,Duration,Popularity,Genres,Album,Album Date,Dance,Acoustic,"
              "Instrumental,Valence,Speech,Live,Loud (Db),Key,Time Signature,Spotify Track Id,ISRC,Explicit").split(",")
    rows = [[index + 1, track["track"], ",".join(track["artists"]), round(track["tempo"]), camelot(track),
             percent(track["energy"]), "2026-06-13", clock(track), track["popularity"], "", track["album"], track["date"],
             percent(track["danceability"]), percent(track["acousticness"]), percent(track["instrumentalness"]),
             percent(track["valence"]), percent(track["speechiness"]), percent(track["liveness"]),
             round(track["loudness"]), key_words(track), 4, track["id"], "ZZMU01100001", "no"]
            for index, track in enumerate(TRACKS)]
    changes = dict(**whole_percent(), loudness=lambda track: round(track["loudness"]),
                   tempo=lambda track: round(track["tempo"]), duration_ms=lambda track: track["duration_ms"] // 1000 * 1000)
    write("chosic/2026.csv", table(header, rows), tool=tool, missing=[], keys=[[t["key"], t["mode"]] for t in TRACKS],
          rows=expected_rows(separator=",", **changes))
    older = ("#,Song,Artist,Popularity,BPM,Genres,Parent Genres,Album,Album Date,Time,Dance,Energy,Acoustic,Instrumental,"
             "Happy,Speech,Live,Loud (Db),Key,Time Signature,Added At,Spotify Track Id,Album Label,Camelot,ISRC").split(",")
    rows = [[index + 1, track["track"], ",".join(track["artists"]), track["popularity"], round(track["tempo"]),
             track["genre"].lower(), track["genre"], track["album"], track["date"], clock(track),
             percent(track["danceability"]), percent(track["energy"]), percent(track["acousticness"]),
             percent(track["instrumentalness"]), percent(track["valence"]), percent(track["speechiness"]),
             percent(track["liveness"]), round(track["loudness"]), key_words(track).replace("#", "♯"), 4, "2024-04-29",
             track["id"], "Made Up Records", camelot(track), ""] for index, track in enumerate(TRACKS)]
    expected = expected_rows(separator=",", **changes)
    for row, track in zip(expected, TRACKS):
        row["genre"] = track["genre"].lower()
    write("chosic/2024.csv", table(older, rows), tool=tool, missing=[], keys=[[t["key"], t["mode"]] for t in TRACKS],
          rows=expected)


def skiley():
    header = ("addedAt,albumArtistsNames,albumName,albumPopularity,albumRecordLabel,albumReleaseDate,artistFollowers,"
              "artistName,artistPopularity,secondaryArtistsNames,trackDuration,trackFeatureAcousticness,"
              "trackFeatureDanceability,trackFeatureEnergy,trackFeatureInstrumentalness,trackFeatureKey,"
              "trackFeatureLiveness,trackFeatureLoudness,trackFeatureMode,trackFeatureSpeechiness,trackFeatureTempo,"
              "trackFeatureTimeSignature,trackFeatureValence,trackName,trackPopularity,trackIsrc,trackNumber,trackUrl,"
              "isLocal,isLikedByUser,artistUrl,artistGenres,albumUrl,albumUpc,albumType,addedBy").split(",")
    rows = [["2024-02-22T21:03:25Z", track["artists"][0], track["album"], 23, "Made Up", track["date"], 99,
             track["artists"][0], 41, "", clock(track), *map(number, [track["acousticness"], track["danceability"],
             track["energy"], track["instrumentalness"], track["key"], track["liveness"], track["loudness"], track["mode"],
             track["speechiness"], track["tempo"], 4, track["valence"]]), track["track"], track["popularity"],
             "ZZMU01100001", 1, f"https://open.spotify.com/track/{track['id']}", "stream", "true", "https://x.example",
             "", "https://x.example", "1", "album", "user1"] for track in TRACKS]
    expected = expected_rows(duration_ms=lambda track: track["duration_ms"] // 1000 * 1000)
    for row, track in zip(expected, TRACKS):
        row["artist"] = track["artists"][0]
    write("skiley/playlist.csv", table(header, rows, end="\r\n"), tool="Skiley", missing=[], rows=expected,
          uris=[f"spotify:track:{track['id']}" for track in TRACKS])


# --- Data sets on Kaggle and elsewhere ---------------------------------------------------------------------------

def by_name(header, others):
    """Rows with Spotify's own names for features; `others` gives the other columns' cells."""
    same = {key: (lambda track, key=key: number(track[key])) for key in [*RATIOS, "loudness", "tempo", "key", "mode"]}
    same |= {"duration_ms": lambda track: track["duration_ms"], "time_signature": lambda track: track["beats"]}
    cells = same | others
    return [[cells[name](track) if name in cells else "" for name in header] for track in TRACKS]


def kaggle():
    no_popularity = [feature for feature in FEATURES if feature != "popularity"]
    header = ("danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,type,"
              "id,uri,track_href,analysis_url,duration_ms,time_signature,genre,song_name,Unnamed: 0,title").split(",")
    rows = by_name(header, {"type": lambda t: "audio_features", "id": lambda t: t["id"],
                            "uri": lambda t: f"spotify:track:{t['id']}", "genre": lambda t: t["genre"],
                            "song_name": lambda t: t["track"] if TRACKS.index(t) < 3 else "",
                            "title": lambda t: t["track"] if TRACKS.index(t) >= 3 else ""})
    write("kaggle/genres-v2.csv", table(header, rows), missing=[],
          rows=expected_rows(no_popularity, artist=False, genre="genre"))
    header = (",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,"
              "mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre").split(",")
    others = {"": lambda t: TRACKS.index(t), "track_id": lambda t: t["id"], "artists": lambda t: ";".join(t["artists"]),
              "album_name": lambda t: t["album"], "track_name": lambda t: t["track"],
              "popularity": lambda t: t["popularity"], "explicit": lambda t: "False", "track_genre": lambda t: t["genre"]}
    write("kaggle/dataset-114.csv", table(header, by_name(header, others)), missing=[], rows=expected_rows(genre="genre"))
    renamed = ["0", *header[1:]]
    write("kaggle/dataset-114-resaved.csv", table(renamed, by_name(header, others)), rows=expected_rows(genre="genre"))
    header = ("genre,artist_name,track_name,track_id,popularity,acousticness,danceability,duration_ms,energy,"
              "instrumentalness,key,liveness,loudness,mode,speechiness,tempo,time_signature,valence").split(",")
    others = {"genre": lambda t: t["genre"], "artist_name": lambda t: t["artists"][0], "track_name": lambda t: t["track"],
              "track_id": lambda t: t["id"], "popularity": lambda t: t["popularity"], "key": lambda t: NOTES[t["key"]],
              "mode": lambda t: "Major" if t["mode"] else "Minor",
              "time_signature": lambda t: ["4/4", "04-Apr"][TRACKS.index(t) % 2]}
    expected = expected_rows(genre="genre")
    for row, track in zip(expected, TRACKS):
        row["artist"] = track["artists"][0]
    keys = [[track["key"], track["mode"]] for track in TRACKS]
    write("kaggle/spotify-features.csv", "\ufeff" + table(header, by_name(header, others)), missing=[], keys=keys,
          beats=[4] * 5, rows=expected)
    header = ("track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
              "track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,key,"
              "loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,duration_ms").split(",")
    tidy = others | {"track_artist": others["artist_name"], "track_popularity": others["popularity"],
                     "playlist_genre": others["genre"], "playlist_subgenre": lambda t: "sub " + t["genre"],
                     "instrumentalness": lambda t: f"{t['instrumentalness']:.2e}", "key": lambda t: t["key"],
                     "mode": lambda t: t["mode"]}
    write("kaggle/tidytuesday.csv", table(header, by_name(header, tidy)), missing=[], rows=expected)
    header = ("instance_id,artist_name,track_name,popularity,acousticness,danceability,duration_ms,energy,"
              "instrumentalness,key,liveness,loudness,mode,speechiness,tempo,obtained_date,valence,music_genre").split(",")
    holes = others | {"music_genre": others["genre"], "instance_id": lambda t: TRACKS.index(t) + 30000.0,
                      "duration_ms": lambda t: -1 if TRACKS.index(t) == 1 else t["duration_ms"],
                      "tempo": lambda t: "?" if TRACKS.index(t) == 2 else number(t["tempo"])}
    rows = by_name(header, holes)
    rows.append([""] * len(header))
    with_holes = json.loads(json.dumps(expected))
    del with_holes[1]["features"]["duration_ms"], with_holes[2]["features"]["tempo"]
    with_holes.append(dict(line=7, track="", artist="", genre="", features={}, problems=["line 7: the row is empty"]))
    write("kaggle/music-genre.csv", table(header, rows), missing=[], keys=[*keys, None], rows=with_holes)
    header = ("id,name,popularity,duration_ms,explicit,artists,id_artists,release_date,danceability,energy,key,loudness,"
              "mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature").split(",")
    lists = others | {"id": lambda t: t["id"], "name": lambda t: t["track"], "artists": lambda t: str(t["artists"]),
                      "explicit": lambda t: 0, "key": lambda t: t["key"], "mode": lambda t: t["mode"],
                      "time_signature": lambda t: 4}
    python_lists = expected_rows()
    for row, track in zip(python_lists, TRACKS):
        row["artist"] = str(track["artists"])
    write("kaggle/tracks-600k.csv", table(header, by_name(header, lists)), missing=[], rows=python_lists)
    header = ("energy,tempo,danceability,playlist_genre,loudness,liveness,valence,track_artist,time_signature,speechiness,"
              "track_popularity,track_href,uri,track_album_name,playlist_name,analysis_url,track_id,track_name,"
              "track_album_release_date,instrumentalness,track_album_id,mode,key,duration_ms,acousticness,id,"
              "playlist_subgenre,type,playlist_id").split(",")
    write("kaggle/high-popularity.csv", table(header, by_name(header, tidy)), missing=[], rows=expected)
    header = (",artist_name,track_name,track_id,popularity,year,genre,danceability,energy,key,loudness,mode,speechiness,"
              "acousticness,instrumentalness,liveness,valence,tempo,duration_ms,time_signature").split(",")
    write("kaggle/million-tracks.csv", table(header, by_name(header, tidy)), missing=[], rows=expected)
    header = ("track_name,artist(s)_name,artist_count,released_year,released_month,released_day,in_spotify_playlists,"
              "in_spotify_charts,streams,in_apple_playlists,in_apple_charts,in_deezer_playlists,in_deezer_charts,"
              "in_shazam_charts,bpm,key,mode,danceability_%,valence_%,energy_%,acousticness_%,instrumentalness_%,"
              "liveness_%,speechiness_%").split(",")
    rows = [[track["track"], ", ".join(track["artists"]), len(track["artists"]), *track["date"].split("-"), 553, 147,
             "BPM110KeyAModeMajorDanceability53" if track is TRACKS[3] else 141381703, 43, 263, "1,021", 10, 826,
             round(track["tempo"]), "" if track["key"] == 1 else NOTES[track["key"]],
             "Major" if track["mode"] else "Minor", *(percent(track[feature]) for feature in
             ["danceability", "valence", "energy", "acousticness", "instrumentalness", "liveness", "speechiness"])]
            for track in TRACKS]
    write("kaggle/spotify-2023.csv", table(header, rows), "windows-1252", encoding_found="Windows-1252",
          missing=["loudness", "duration_ms"], rows=expected_rows([*RATIOS, "tempo"], separator=", ", **whole_percent(),
                                                   tempo=lambda track: round(track["tempo"])))


def other_tools():
    header = "title,artist,top genre,year,bpm,nrgy,dnce,dB,live,val,dur,acous,spch,pop".split(",")
    rows = [[track["track"], ", ".join(track["artists"]), track["genre"], 2019, round(track["tempo"]),
             percent(track["energy"]), percent(track["danceability"]), round(track["loudness"]),
             percent(track["liveness"]), percent(track["valence"]), track["duration_ms"] // 1000,
             percent(track["acousticness"]), percent(track["speechiness"]), track["popularity"]] for track in TRACKS]
    features = [feature for feature in FEATURES if feature != "instrumentalness"]
    changes = dict(**whole_percent(), loudness=lambda track: round(track["loudness"]),
                   tempo=lambda track: round(track["tempo"]), duration_ms=lambda track: track["duration_ms"] // 1000 * 1000)
    expected = expected_rows(features, separator=", ", genre="genre", **changes)
    write("organize-your-music/top-2010s.csv", table(header, rows), tool="Organize Your Music",
          missing=["instrumentalness"], rows=expected)
    header = ("Index,Title,Artist,Top Genre,Year,Beats Per Minute (BPM),Energy,Danceability,Loudness (dB),Liveness,Valence,"
              "Length (Duration),Acousticness,Speechiness,Popularity").split(",")
    rows = [[index + 1, *row] for index, row in enumerate(rows)]
    # One track is longer than a thousand seconds.
    rows[0][11] = "1,292"
    longer = json.loads(json.dumps(expected))
    longer[0]["features"]["duration_ms"] = 1292000
    write("organize-your-music/top-2000.csv", table(header, rows), missing=["instrumentalness"], rows=longer)
    header = ["", "track.id", "track.name", "track.duration_ms", "track.explicit", "track.popularity", "danceability",
              "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness", "liveness", "valence",
              "tempo", "time_signature", "key_name", "mode_name", "key_mode"]
    rows = [[index + 1, track["id"], track["track"], track["duration_ms"], "FALSE",
             "NA" if index == 2 else track["popularity"], *map(number, [track[key] for key in SPOTIFY_KEYS]),
             NOTES[track["key"]], "major" if track["mode"] else "minor",
             f"{NOTES[track['key']]} {'major' if track['mode'] else 'minor'}"] for index, track in enumerate(TRACKS)]
    expected = expected_rows(artist=False)
    del expected[2]["features"]["popularity"]
    text = table(header, rows, quote=csv.QUOTE_NONNUMERIC)
    write("spotifyr/frame.csv", text, tool="spotifyr", missing=[], rows=expected)
    # write.table leaves the names of rows without a name.
    lines = text.splitlines()
    lines[0] = lines[0].removeprefix('"",')
    write("spotifyr/write-table.csv", "\n".join(lines) + "\n", tool="spotifyr",
          notes=["The rows begin with a name or number of their own that has no column name. The names were moved to fit."],
          rows=expected)
    header = ["Track name", "Artist name", "Album", "Playlist name", "Type", "ISRC"]
    rows = [[track["track"], track["artists"][0], track["album"], "Evening", "Playlist", "ZZMU1"] for track in TRACKS]
    rows.append(["Kid Marble - Corner Store (Official Video)", "", "", "Evening", "Playlist", ""])
    for name, more in [("", []), ("-spotify", ["Spotify - id"]), ("-apple", ["Apple - id"])]:
        text = table(header + more, [row + ["SoMUq2gZwvpWORjZumBVWd"] * len(more) for row in rows])
        write(f"tunemymusic/playlist{name}.csv", text, refused="There is no column of audio features.",
              refused_with=["TuneMyMusic", "exportify.net"])
    text = table(["title", "artist", "album", "isrc"], [[row[0], row[1], row[2], row[5]] for row in rows], ";")
    write("soundiiz/playlist.csv", text, refused="There is no column of audio features.",
          refused_with=["Soundiiz", "exportify.net"])
    history = [dict(endTime="2024-01-01 10:00", artistName="Nullpunkt", trackName="Strobe Garden", msPlayed=371000)]
    write("account-data/StreamingHistory_music_0.json", json.dumps(history, indent=2),
          refused="This is Spotify's account data", refused_with=["exportify.net"])
    extended = [dict(ts="2024-01-01T10:00:00Z", platform="x", ms_played=371000, ip_addr="192.0.2.1",
                     master_metadata_track_name="Strobe Garden", spotify_track_uri="spotify:track:x")]
    write("account-data/Streaming_History_Audio_2024_0.json", json.dumps(extended),
          refused="This is Spotify's account data", refused_with=["exportify.net"])
    write("account-data/endsong.csv", table(list(extended[0]), [list(extended[0].values())]),
          refused="There is no column of audio features.", refused_with=["account data", "exportify.net"])
    recco = dict(content=[dict(id="x", href="https://open.spotify.com/track/x", acousticness=0.1, danceability=0.5)])
    write("reccobeats/features.json", json.dumps(recco), refused="This is JSON with audio features")


# --- Spreadsheets and editors ------------------------------------------------------------------------------------

PLAIN = ["Title", "Artist", "Danceability", "Energy", "Speechiness", "Acousticness", "Instrumentalness", "Liveness",
         "Valence", "Loudness", "Tempo", "Length"]
PLAIN_FEATURES = [*RATIOS, "loudness", "tempo", "duration_ms"]


def plain_row(track, ratio=number, other=number, length=lambda track: track["duration_ms"]):
    order = ["danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence"]
    return [track["track"], "; ".join(track["artists"]), *(ratio(track[feature]) for feature in order),
            other(track["loudness"]), other(track["tempo"]), length(track)]


def spreadsheets():
    def comma(value):
        return number(value).replace(".", ",")

    def rows(**changes):
        return expected_rows(PLAIN_FEATURES, separator="; ", **changes)

    plain = table(PLAIN, map(plain_row, TRACKS))
    decimal = table(PLAIN, [plain_row(track, comma, comma) for track in TRACKS], ";", end="\r\n")
    write("spreadsheet/semicolons-decimal-commas.csv", decimal, "windows-1252", encoding_found="Windows-1252",
          delimiter=";", rows=rows())
    write("spreadsheet/excel-sep-line.csv", "sep=;\r\n" + decimal, delimiter=";", rows=rows(first_line=3))
    write("spreadsheet/decimal-commas-in-quotes.csv",
          table(PLAIN, [plain_row(track, comma, comma) for track in TRACKS]), delimiter=",", rows=rows())
    tabs = table(PLAIN, map(plain_row, TRACKS), "\t", end="\r\n")
    for name, encoding, mark, found in [
        ("unicode-text-little-endian", "utf-16-le", b"\xff\xfe", "UTF-16 (little-endian)"),
        ("unicode-text-big-endian", "utf-16-be", b"\xfe\xff", "UTF-16 (big-endian)"),
        ("unicode-text-without-mark", "utf-16-le", b"", "UTF-16 (little-endian)"),
    ]:
        write(f"spreadsheet/{name}.txt", mark + tabs.encode(encoding), encoding_found=found, delimiter="\t", rows=rows())
    write("spreadsheet/tabs.tsv", tabs, delimiter="\t", rows=rows())
    write("spreadsheet/bars.csv", table(PLAIN, map(plain_row, TRACKS), "|"), delimiter="|", rows=rows())
    write("spreadsheet/old-mac-lines.csv", plain.replace("\n", "\r"), rows=rows())
    signs = [plain_row(track, lambda value: f"{round(value * 100)} %") for track in TRACKS]
    write("spreadsheet/percent-signs.csv", table(PLAIN, signs), rows=rows(**whole_percent()))
    commas = [plain_row(track, lambda value: f"{value * 100:.1f}%".replace(".", ","), comma) for track in TRACKS]
    tenths = {feature: (lambda track, feature=feature: round(track[feature] * 1000) / 1000) for feature in RATIOS}
    write("spreadsheet/percent-signs-decimal-commas.csv", table(PLAIN, commas, ";"), delimiter=";", rows=rows(**tenths))
    typeset = [plain_row(track, other=lambda value: number(value).replace("-", "\u2212") + "\u00a0",
                         length=lambda track: f"{track['duration_ms'] // 1000}\u202f{track['duration_ms'] % 1000:03}")
               for track in TRACKS]
    write("spreadsheet/minus-signs-and-narrow-spaces.csv", table(PLAIN, typeset), rows=rows())
    units = [plain_row(track, other=number) for track in TRACKS]
    for row in units:
        row[9], row[10] = row[9] + " dB", row[10] + " BPM"
    write("spreadsheet/units-in-cells.csv", table(PLAIN, units), rows=rows())
    whole = dict(duration_ms=lambda track: track["duration_ms"] // 1000 * 1000)
    for name, length, change in [
        ("seconds", lambda track: track["duration_ms"] // 1000, whole),
        ("clock-times", clock, whole),
        ("clock-times-with-hours", lambda track: "0:" + clock(track), whole),
        ("clock-times-as-hours", lambda track: clock(track) + ":00", whole),
        ("minutes", lambda track: f"{track['duration_ms'] / 60000:.3f}",
         dict(duration_ms=lambda track: round(float(f"{track['duration_ms'] / 60000:.3f}") * 60000))),
    ]:
        write(f"spreadsheet/length-in-{name}.csv", table(PLAIN, [plain_row(track, length=length) for track in TRACKS]),
              rows=rows(**change))
    lengths = table([*PLAIN[:-1], "Length (s)"], [plain_row(track, length=lambda track: 7) for track in TRACKS])
    write("spreadsheet/length-unit-in-name.csv", lengths, rows=rows(duration_ms=lambda track: 7000))
    thousands = [plain_row(track, length=lambda track: f"{track['duration_ms']:,}") for track in TRACKS]
    write("spreadsheet/thousands-commas.csv", table(PLAIN, thousands), rows=rows())
    points = [plain_row(track, comma, comma, lambda track: f"{track['duration_ms']:,}".replace(",", "."))
              for track in TRACKS]
    write("spreadsheet/thousands-points.csv", table(PLAIN, points, ";"), delimiter=";", rows=rows())
    without = [feature for feature in PLAIN_FEATURES if feature != "loudness"]
    normal = [plain_row(track) for track in TRACKS]
    for row, track in zip(normal, TRACKS):
        row[9] = number(round((track["loudness"] + 60) / 60, 3))
    write("spreadsheet/loudness-from-0-to-1.csv", table(PLAIN, normal), missing=["loudness"],
          notes=["The column “Loudness” is not read as loudness: its numbers are not decibels, which lie below 0."],
          rows=expected_rows(without, separator="; "))
    without = [feature for feature in PLAIN_FEATURES if feature != "energy"]
    words = [plain_row(track) for track in TRACKS]
    for row, track in zip(words, TRACKS):
        row[3] = "high" if track["energy"] > 0.7 else "low"
    write("spreadsheet/energy-in-words.csv", table(PLAIN, words), missing=["energy"],
          notes=["The column “Energy” is not read as energy: most of its cells hold no number."],
          rows=expected_rows(without, separator="; "))
    write("spreadsheet/lines-above.csv", "My playlist\nmade by me,in January\n\n" + plain,
          notes=["The column names stand on line 4; what stands above them was passed over."], rows=rows(first_line=5))
    write("spreadsheet/no-header.csv", plain.split("\n", 1)[1], refused="The first line holds values, not column names")
    tokens = [plain_row(track) for track in TRACKS]
    missing = rows()
    for row, expected, token in zip(tokens, missing, ["NA", "n/a", "None", "-", "\u2014"]):
        row[3] = token
        del expected["features"]["energy"]
    write("spreadsheet/missing-in-many-ways.csv", table(PLAIN, tokens), missing=[], rows=missing)
    zeros = [plain_row(track) for track in TRACKS]
    zeros[2][2:11] = ["0"] * 7 + ["-60", "0"]
    unknown = rows()
    unknown[2].update(features={}, problems=["line 4: all features are 0, as Spotify writes for a track that it has not "
                                             "analysed; they count as missing"])
    write("spreadsheet/never-analysed.csv", table(PLAIN, zeros), rows=unknown)
    wide = [row + ["", ""] for row in map(plain_row, TRACKS)]
    write("spreadsheet/empty-columns-behind.csv", table([*PLAIN, "", ""], [*wide[:3], *(row[:12] for row in wide[3:])]),
          rows=rows())
    twice = [[row[0], *row] for row in map(plain_row, TRACKS)]
    write("spreadsheet/names-twice.csv", table(["Title", *PLAIN], twice), rows=rows())


# --- Tables that programs and people have bent --------------------------------------------------------------------

def bent():
    def comma(value):
        return number(value).replace(".", ",")

    def rows(**changes):
        return expected_rows(PLAIN_FEATURES, separator="; ", **changes)

    normal = list(map(plain_row, TRACKS))
    plain = table(PLAIN, normal)

    # A name twice above one cell, and a row that ends early.
    header = EXPORTIFY + SPOTIFY
    twice = table(header[:8] + ["Explicit"] + header[8:], map(exportify_row, TRACKS)).splitlines()
    twice[2] = twice[2].split(",0.74,")[0]
    short = expected_rows()
    short[1].update(features=dict(duration_ms=402133, popularity=48),
                    problems=["line 3: the row is too short: 12 of 24 cells; those beyond count as missing"])
    write("bent/explicit-twice-and-a-short-row.csv", "\n".join(twice) + "\n", rows=short)

    # R: rows have names, the column of names has none. After a filter, the numbers have gaps.
    shifted = ["The rows begin with a name or number of their own that has no column name. The names were moved to fit."]
    for name, names in [("gaps", ["2", "5", "17", "40", "41"]), ("zero", ["0", "1", "2", "3", "4"]),
                        ("words", ["a", "b", "c", "d", "e"])]:
        content = table(PLAIN, [[row_name, *row] for row_name, row in zip(names, normal)])
        write(f"bent/row-names-{name}.csv", content, notes=shifted, rows=rows())
    # Each row ends with a comma, and the first column does have a name.
    trailing = [[index + 1, *row, ""] for index, row in enumerate(normal)]
    write("bent/numbered-with-commas-at-the-end.csv", table(["#", *PLAIN], trailing), notes=[], rows=rows())

    # Yes or no beside how much; the time of an event beside the length.
    flags = [[1, 0, *row[:-1], "2:07", row[-1]] for row in normal]
    write("bent/yes-or-no-beside-how-much.csv",
          table(["Instrumental", "Acoustic", *PLAIN[:-1], "Time", "duration_ms"], flags), rows=rows())
    # Whole percentages, but one ratio.
    mixed = [plain_row(track, percent) for track in TRACKS]
    for row, track in zip(mixed, TRACKS):
        row[8] = number(track["valence"])
    write("bent/percentages-and-one-ratio.csv", table(PLAIN, mixed),
          rows=rows(**whole_percent([feature for feature in RATIOS if feature != "valence"])))
    lying = [f"{name} (%)" if name.lower() in RATIOS else name for name in PLAIN]
    write("bent/percent-in-the-names-only.csv", table(lying, normal), rows=rows())

    write("bent/texts-for-spreadsheets.csv", table(PLAIN, [plain_row(track, lambda value: f'="{number(value)}"')
                                                           for track in TRACKS]), rows=rows())

    # R: names of rows without a column name, and a last column that is empty.
    write("bent/row-names-and-an-empty-column.csv",
          table([*PLAIN, "ISRC"], [[index + 1, *row, ""] for index, row in enumerate(normal)]), notes=shifted, rows=rows())
    # A mark at the end of each row, with lengths that are clock times and a number behind the last feature.
    year = [[*row[:-1], f"{row[-1] // 60000}:{row[-1] // 1000 % 60:02}", 2010 + index, ""] for index, row in enumerate(normal)]
    write("bent/commas-at-the-end-behind-a-year.csv", table([*PLAIN, "Year"], year), notes=[],
          rows=rows(duration_ms=lambda track: track["duration_ms"] // 1000 * 1000))
    # Marks and backslashes in texts that are written by the book.
    by_the_book = [['7\\" Mix', "AC\\DC, live", *row[2:]] for row in normal]
    texts = rows()
    for row in texts:
        row.update(track='7\\" Mix', artist="AC\\DC, live")
    write("bent/backslashes-by-the-book.csv", table(PLAIN, by_the_book, quote=csv.QUOTE_ALL), notes=[], rows=texts)
    # Signs and units as other languages and spreadsheets put them.
    turkish = [plain_row(track, lambda value: "%" + percent(value)) for track in TRACKS]
    write("bent/percent-signs-before.csv", table(PLAIN, turkish), rows=rows(**whole_percent()))
    with_units = [plain_row(track, comma, comma) for track in TRACKS]
    for row, track in zip(with_units, TRACKS):
        row[9] = f"{track['loudness']:.3f}".replace(".", ",") + " dB"
        row[10] = f"{track['tempo']:.3f}".replace(".", ",") + " BPM"
    write("bent/decimal-commas-before-units.csv", table(PLAIN, with_units, ";"), delimiter=";", rows=rows())
    # Numbers of tracks beside their titles, and what is told of the artist beside what is told of the track.
    write("bent/numbers-beside-titles.csv", table(["Track #", "Song", *PLAIN], [[index + 1, index + 7, *row]
                                                  for index, row in enumerate(normal)]), missing=[], rows=rows())
    write("bent/energy-of-the-artist.csv", table(["Energy (artist average)", *PLAIN], [[0.5, *row] for row in normal]),
          missing=[], rows=rows())
    # A byte order mark that was read in an old encoding, and saved.
    write("bent/mark-in-letters.csv", "\u00ef\u00bb\u00bf" + table([*PLAIN[2:], *PLAIN[:2]], [[*row[2:], *row[:2]] for row in normal]),
          missing=[], rows=rows())

    # Names as other programs write them.
    prefixed = [f"spotify_track_{name.lower()}" for name in PLAIN]
    write("bent/spotify-before-the-names.csv", table(prefixed, normal), missing=[], rows=rows())
    nested = ["track.name", "track.artists", *(f"audio_features.{name.lower()}" for name in PLAIN[2:-1]),
              "audio_features.duration_ms"]
    write("bent/nested-names.csv", table(nested, normal), missing=[], rows=rows())
    joined = [f"{name}_x" for name in PLAIN] + ["Energy_y", "Tempo_y"]
    write("bent/joined-tables.csv", table(joined, [[*row, 0.9, 200] for row in normal]), missing=[], rows=rows())

    # A spreadsheet that has taken each row with quotation marks in it for one cell.
    quoted = table(PLAIN, normal, quote=csv.QUOTE_NONNUMERIC).splitlines()
    doubled = ['"' + line.replace('"', '""') + '"' for line in quoted]
    write("bent/rows-in-one-cell.csv", "\r\n".join(doubled) + "\r\n", delimiter=",", rows=rows())
    write("bent/rows-in-one-cell-under-a-plain-header.csv", "\r\n".join([",".join(PLAIN), *doubled[1:]]) + "\r\n",
          delimiter=",", rows=rows())

    # Spaces behind the delimiters, as people type them.
    spaced = [", ".join('"' + cell.replace('"', '""') + '"' if isinstance(cell, str) else number(cell) for cell in row)
              for row in [PLAIN, *normal]]
    write("bent/spaces-before-quotation-marks.csv", "\n".join(spaced) + "\n", delimiter=",", rows=rows())

    # A backslash before quotation marks, as MySQL and Spark write them.
    escaped = [",".join('"' + cell.replace('"', '\\"') + '"' if isinstance(cell, str) else number(cell) for cell in row)
               for row in [PLAIN, *normal]]
    write("bent/backslashes-before-quotation-marks.csv", "\n".join(escaped) + "\n", delimiter=",", rows=rows())
    # And backslashes before other characters, which stay.
    paths = rows()
    for index, row in enumerate(paths):
        escaped[index + 1] = ",".join(['"\\"Loud\\" \\\\ AC\\DC"', '"C:\\Music\\a"', *escaped[index + 1].split(",")[-10:]])
        row.update(track='"Loud" \\ AC\\DC', artist="C:\\Music\\a")
    write("bent/backslashes-before-anything.csv", "\n".join(escaped) + "\n", delimiter=",", rows=paths)

    # Several tables in one file.
    again = rows() + rows()
    for row in again[5:]:
        row["line"] += 6
    repeated = dict(line=7, track="Title", artist="Artist", features={},
                    problems=["line 7: the column names stand here again; the line is not a track"])
    write("bent/one-behind-the-other.csv", plain + plain, rows=again[:5] + [repeated] + again[5:])
    # The second line of column names is as wrong as the first.
    mended = expected_rows() + expected_rows(first_line=8)
    mended.insert(5, dict(line=7, features={}, problems=["line 7: the column names stand here again; the line is not a track"]))
    twice = table(header[:8] + ["Explicit"] + header[8:], map(exportify_row, TRACKS))
    write("bent/names-twice-one-behind-the-other.csv", twice + twice, rows=mended)
    named = table(PLAIN, [[row_name, *row] for row_name, row in zip("abcde", normal)])
    write("bent/row-names-one-behind-the-other.csv", named + named, rows=again[:5] + [repeated] + again[5:])
    # Old programs of Windows put a mark behind the last line.
    write("bent/mark-behind-the-last-line.csv", plain + "\x1a", rows=rows())
    other = [[*row[:2], *reversed(row[2:9]), *row[9:]] for row in normal]
    other_header = [*PLAIN[:2], *reversed(PLAIN[2:9]), *PLAIN[9:]]
    write("bent/another-table-below.csv", plain + "\n" + table(other_header, other), rows=rows(),
          refused="On line 8, another table begins")
    above = "".join(f"note {line}\n" for line in range(1, 15)) + "Track,Artist,Audio features\n"
    write("bent/many-lines-above.csv", above + plain, rows=rows(first_line=17))

    # Lengths in words, and what spreadsheets show in place of a result.
    whole = dict(duration_ms=lambda track: track["duration_ms"] // 1000 * 1000)
    for name, length in [
        ("letters", lambda seconds: f"{seconds // 60}m {seconds % 60}s"),
        ("seconds", lambda seconds: f"{seconds} sec"),
        ("iso-8601", lambda seconds: f"PT{seconds // 60}M{seconds % 60}S"),
        ("time-deltas", lambda seconds: f"0 days 00:{seconds // 60:02}:{seconds % 60:02}"),
        ("times-of-day", lambda seconds: f"12:{seconds // 60:02}:{seconds % 60:02} AM"),
        ("halves-of-a-day", lambda seconds: f"{seconds // 60}:{seconds % 60:02} AM"),
        ("fractions-of-seconds", lambda seconds: f"{seconds // 60:02}:{seconds % 60:02},25"),
        ("clock-times-with-a-unit", lambda seconds: f"{seconds // 60}:{seconds % 60:02} min"),
        ("texts", lambda seconds: f'="{seconds // 60}:{seconds % 60:02}"'),
    ]:
        written = [plain_row(track, length=lambda track: length(track["duration_ms"] // 1000)) for track in TRACKS]
        write(f"bent/lengths-as-{name}.csv", table(PLAIN, written), rows=rows(**whole))
    in_words = [plain_row(track, length=lambda track: f"{track['duration_ms'] / 60000:.2f} minutes") for track in TRACKS]
    write("bent/lengths-as-minutes-in-words.csv", table(PLAIN, in_words),
          rows=rows(duration_ms=lambda track: round(float(f"{track['duration_ms'] / 60000:.2f}") * 60000)))
    # A spreadsheet has taken minutes for hours, and one track has none.
    hours = [[*row[:-1], f"{row[-1] // 60000:02}:{row[-1] // 1000 % 60:02}:00"] for row in normal]
    hours[4][-1] = "00:45:00"
    minutes = rows(**whole)
    minutes[4]["features"]["duration_ms"] = 45000
    write("bent/lengths-as-hours-and-one-below.csv", table(PLAIN, hours), rows=minutes)
    errors = [list(row) for row in normal]
    missing = rows()
    for row, expected, error in zip(errors, missing, ["#NV", "#DIV/0!", "#N/A", "(null)", "---"]):
        row[3] = error
        del expected["features"]["energy"]
    write("bent/errors-of-spreadsheets.csv", table(PLAIN, errors), rows=missing)
    # What our own guard against formulas did to numbers, before it knew decimal commas.
    guarded = [plain_row(track, comma, lambda value: "'" + comma(value) if value < 0 else comma(value))
               for track in TRACKS]
    write("bent/apostrophes-before-numbers.csv", table(PLAIN, guarded, ";"), rows=rows())

    # An old Mac's letters.
    mac = table(["Titel", "K\u00fcnstler", *PLAIN[2:]], [["D\u00e9j\u00e0 \u00e0 la caf\u00e9", "Fa\u00e7ade", *row[2:]] for row in normal])
    old = rows()
    for row in old:
        row["track"] = "D\u00e9j\u00e0 \u00e0 la caf\u00e9".encode("mac-roman").decode("windows-1252")
        del row["artist"]
    write("bent/letters-of-an-old-mac.csv", mac.encode("mac-roman"), encoding_found="Windows-1252", rows=old,
          notes=["The text is not in Unicode, and letters with accents or of other scripts may be read wrongly. If they "
                 "look odd, save the table again as \u201cCSV UTF-8\u201d."])

    # Documents that are no tables, told by their first bytes or by the files in them.
    for name, inside, refused in [
        ("workbook.xlsx", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"], "This is an Excel workbook"),
        ("letter.docx", ["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "This is a Word document"),
        ("table.ods", ["mimetype", "content.xml"], "This is a LibreOffice document"),
        ("table.numbers", ["Index/Document.iwa"], "This is an Apple Numbers document"),
    ]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
            for part in inside:
                info = zipfile.ZipInfo(part, (2026, 1, 14, 20, 42, 4))
                info.compress_type = zipfile.ZIP_DEFLATED
                pack.writestr(info, "<x/>")
        write(f"bent/{name}", archive.getvalue(), refused=refused, passed_over=[])
    # What stands beside the tables of an archive does not keep them from being read.
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for part, content in [("README.txt", "How these were made, and when."), ("__MACOSX/._list.csv", "x"),
                              ("list.csv", plain), ("settings.json", '{"version": 3}')]:
            info = zipfile.ZipInfo(part, (2026, 1, 14, 20, 42, 4))
            info.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(info, content)
    write("bent/list-with-a-readme.zip", archive.getvalue(), passed_over=["README.txt", "settings.json"], rows=rows())

    # The name that zip gives to what comes through a pipe: `cat list.csv | zip > packed-from-a-pipe.zip`.
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        info = zipfile.ZipInfo("-", (2026, 1, 14, 20, 42, 4))
        info.compress_type = zipfile.ZIP_DEFLATED
        pack.writestr(info, plain)
    write("bent/packed-from-a-pipe.zip", archive.getvalue(), tables=["-"], passed_over=[], rows=rows())

    # Beside the list lies what only some programs can unpack.
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for part, content, packing in [
            ("cover.png", b"\x89PNG\r\n\x1a\n" * 40, zipfile.ZIP_LZMA),
            ("list.csv", table(PLAIN, normal), zipfile.ZIP_DEFLATED),
        ]:
            info = zipfile.ZipInfo(part, (2026, 1, 14, 20, 42, 4))
            info.compress_type = packing
            pack.writestr(info, content)
    write("bent/list-with-a-picture.zip", archive.getvalue(), passed_over=["cover.png"], rows=rows())

    # Between two tables of an archive stands one with other columns, or a damaged one.
    def three_tables(second):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as pack:
            for part, content in [("a.csv", plain), ("b.csv", second), ("c.csv", plain)]:
                pack.writestr(zipfile.ZipInfo(part, (2026, 1, 14, 20, 42, 4)), content)
        return archive.getvalue()

    write("bent/other-columns-in-the-middle.zip", three_tables(table(other_header, other)),
          tables=["a.csv", "b.csv", "c.csv"], rows=rows() * 3)
    titled = plain.replace("Warehouse", "Warehouze")
    write("bent/damaged-in-the-middle.zip", three_tables(titled).replace(b"Warehouze", b"Warehouse"), rows=rows() * 2,
          refused="The zip archive cannot be read: a file in it is damaged.")
    write("bent/text.rtf", "{\\rtf1 Title, Artist}", refused="This is a text document (RTF)")
    write("bent/page.htm", "<table><tr><td>Title</td></tr></table>", refused="This is a web page")
    write("bent/nothing.json", "[]", refused="This is a JSON file")


for make in [exportify, exportify_app, chosic, skiley, kaggle, other_tools, spreadsheets, bent]:
    make()
