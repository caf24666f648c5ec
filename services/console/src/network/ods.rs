//! A sheet as an ODF spreadsheet: what it holds, and on a second sheet what that means.
//! Source: ODF 1.3 (ISO/IEC 26300), parts 2 and 3.

use std::fmt::Write as _;

use super::archive::Archive;
use super::sheet::{Cell, Sheet};

/// Its media type.
pub(super) const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
    <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
    <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
    </manifest:manifest>";

const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" office:version=\"1.3\">\
    <office:automatic-styles>\
    <style:style style:name=\"header\" style:family=\"table-cell\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
    <style:style style:name=\"wide\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"6cm\"/></style:style>\
    </office:automatic-styles><office:body><office:spreadsheet>";

const CLOSING: &str = "</office:spreadsheet></office:body></office:document-content>";

/// The file. The media type comes first and is never packed: that is how it is known.
pub(super) fn ods(sheet: &Sheet) -> Vec<u8> {
    let mut archive = Archive::default();
    archive.add("mimetype", MEDIA_TYPE.as_bytes());
    archive.add("META-INF/manifest.xml", MANIFEST.as_bytes());
    archive.add("content.xml", content(sheet).as_bytes());
    archive.finish()
}

fn content(sheet: &Sheet) -> String {
    let words = |text: &str| Cell::Words(text.to_owned());
    let header: Vec<Cell> = sheet.header.iter().map(|name| words(name)).collect();
    let meaning: Vec<Vec<Cell>> =
        sheet.meaning.iter().map(|(name, means)| vec![words(name), words(means)]).collect();
    let say = sheet.language.words();
    let title = [words(&say.network_sheet_item()), words(&say.network_sheet_meaning())];
    let mut xml = OPENING.to_owned();
    table(&mut xml, &say.network_sheet_flows(), &header, &sheet.rows);
    table(&mut xml, &say.network_sheet_meaning(), &title, &meaning);
    xml + CLOSING
}

fn table(xml: &mut String, name: &str, header: &[Cell], rows: &[Vec<Cell>]) {
    let columns = header.len().saturating_sub(2);
    // Writing to a String cannot fail.
    let _ = write!(xml, "<table:table table:name=\"{name}\">");
    xml.push_str(
        "<table:table-column table:style-name=\"wide\" table:number-columns-repeated=\"2\"/>",
    );
    if columns > 0 {
        let _ = write!(xml, "<table:table-column table:number-columns-repeated=\"{columns}\"/>");
    }
    xml.push_str("<table:table-header-rows>");
    row(xml, header, " table:style-name=\"header\"");
    xml.push_str("</table:table-header-rows>");
    for cells in rows {
        row(xml, cells, "");
    }
    xml.push_str("</table:table>");
}

fn row(xml: &mut String, cells: &[Cell], style: &str) {
    xml.push_str("<table:table-row>");
    for cell in cells {
        let _ = match cell {
            Cell::Empty => write!(xml, "<table:table-cell{style}/>"),
            Cell::Number(number) => write!(
                xml,
                "<table:table-cell{style} office:value-type=\"float\" office:value=\"{number}\">\
                 <text:p>{number}</text:p></table:table-cell>"
            ),
            Cell::Words(words) => write!(
                xml,
                "<table:table-cell{style} office:value-type=\"string\"><text:p>{}</text:p>\
                 </table:table-cell>",
                escaped(words)
            ),
        };
    }
    xml.push_str("</table:table-row>");
}

/// Text of an XML document, without what XML 1.0 has no place for.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            letter if letter.is_control() => text.push(' '),
            letter => text.push(letter),
        }
    }
    text
}
