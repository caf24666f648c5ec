//! What a page names: its files, its hidden fields, its people. Pure.

use std::collections::BTreeSet;

use trama_events::ids::PersonId;

/// The files that a page loads, by their addresses.
pub(super) fn files(page: &str) -> BTreeSet<String> {
    let quoted = page.split('"').filter(|text| text.starts_with("/assets/"));
    quoted.map(ToOwned::to_owned).collect()
}

/// The files that a style sheet at this address loads: they lie beside it.
pub(super) fn beside(address: &str, sheet: &str) -> BTreeSet<String> {
    let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder);
    let names = sheet.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(|name| format!("{folder}/{name}")).collect()
}

/// Hidden fields, as a form sends them.
pub(super) fn hidden(page: &str) -> Vec<(String, String)> {
    let fields = page.split("<input type=\"hidden\" name=\"").skip(1);
    let pair = |field: &str| {
        let (name, rest) = field.split_once("\" value=\"")?;
        let value = rest.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&");
        Some((name.to_owned(), value))
    };
    fields.filter_map(pair).collect()
}

/// The people to whose pages a page leads.
pub(super) fn people(page: &str) -> BTreeSet<PersonId> {
    let links = page.split("href=\"/persone/").skip(1);
    links.filter_map(|link| link.split(['"', '?', '/']).next()?.parse().ok()).collect()
}

/// Entries in the list of a journey.
pub(super) fn entries(journey: &str) -> usize {
    journey.matches(" data-chiave=\"").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: &str = "0b7a6c1e-7f43-5f0a-9d50-3f5c5a1d2e11";

    fn owned<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
        texts.map(ToOwned::to_owned).into()
    }

    #[test]
    fn a_file_that_a_page_names_twice_is_loaded_once() {
        let page = r#"<link href="/assets/1f/a.css"><script src="/assets/1f/b.js"></script>
            <a href="/rete">/assets/1f/text</a><link href="/assets/1f/a.css">"#;
        assert_eq!(files(page), owned(["/assets/1f/a.css", "/assets/1f/b.js"]));
    }

    #[test]
    fn the_fonts_of_a_sheet_lie_beside_it() {
        let sheet = r#"src: url("a.woff2") format("woff2"); src: url("b.woff2")"#;
        let fonts = beside("/assets/1f/a.css", sheet);
        assert_eq!(fonts, owned(["/assets/1f/a.woff2", "/assets/1f/b.woff2"]));
    }

    #[test]
    fn a_hidden_field_is_sent_as_it_was_before_it_was_escaped() {
        let page = r#"<input type="hidden" name="redirect_uri" value="/a?b=1&#38;c=2"><input
            type="text" name="shown" value="x"><input type="hidden" name="state" value="">"#;
        let sent = [("redirect_uri", "/a?b=1&c=2"), ("state", "")];
        assert_eq!(hidden(page), sent.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_page_leads_to_people_and_other_pages_of_theirs_are_theirs() {
        let page = format!(
            r#"<a href="/persone/{ANA}?scopo=care"><a href="/persone/{ANA}/accessi">
            <a href="/persone/nuova">"#
        );
        assert_eq!(people(&page).into_iter().collect::<Vec<_>>(), [ANA.parse().unwrap()]);
    }
}
