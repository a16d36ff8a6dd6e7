//! `nationalities.csv` and `names/*.csv`.

use super::rows::rows;
use super::source::{At, Index, Source};
use crate::names::NameEntry;
use crate::nationality::{Nationality, NationalityRow};

pub fn names(file: &Source, index: &mut Index) -> Option<Vec<NameEntry>> {
    let mut all: Vec<NameEntry> = Vec::new();
    for row in rows(file, &["arabic", "latin", "regions", "source"]) {
        let split = |text: String| -> Vec<String> {
            text.split('|').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
        };
        let (arabic, latin) = (row.string("arabic"), row.string("latin").map(split));
        let regions = row.string("regions").map(split);
        row.source();
        for region in regions.iter().flatten() {
            index.note("name region", region);
        }
        if let Some(arabic) = &arabic {
            if !arabic.chars().all(|c| ('\u{600}'..='\u{6ff}').contains(&c) || c == ' ') {
                let what = format!("'{arabic}' is not in Arabic script");
                file.find(row.at("arabic"), "not-valid", what, "");
            }
            if all.iter().any(|e| e.arabic == *arabic) {
                let at = At { line: row.line, column: None };
                let help = "join the two rows";
                file.find(at, "duplicate-id", format!("name '{arabic}' is given twice"), help);
            }
        }
        if let (Some(arabic), Some(latin), Some(regions)) = (arabic, latin, regions) {
            all.push(NameEntry { arabic, latin, regions });
        }
    }
    Some(all)
}

pub fn nationality(text: &str) -> Result<Nationality, String> {
    Nationality::new(text).ok_or_else(|| format!("'{text}' is not a code of two capital letters"))
}

const NATIONALITY_COLUMNS: &[&str] = &[
    "code",
    "en",
    "ar",
    "ckb",
    "group",
    "name_region",
    "moved",
    "documented",
    "verified",
    "source",
];

pub fn nationalities(file: &Source, index: &mut Index) -> Option<Vec<NationalityRow>> {
    let mut all = Vec::new();
    for row in rows(file, NATIONALITY_COLUMNS) {
        let code = row.parse("code", nationality);
        if let Some(code) = code {
            index.define("nationality", code.as_str(), file, row.at("code"));
        }
        let names = row.text();
        let group = row.string("group");
        let known = group
            .as_deref()
            .is_some_and(|g| index.refer("nationality group", g, file, row.at("group")));
        let name_region = row.string("name_region");
        if let Some(region) = &name_region {
            index.refer("name region", region, file, row.at("name_region"));
        }
        let (moved, documented) = (row.uint("moved"), row.uint("documented"));
        let verified = row.uint("verified");
        if let (Some(documented), Some(verified)) = (documented, verified)
            && verified > documented
        {
            let what = format!("{verified} verified of {documented} documented");
            let help = "only what is documented can be verified";
            file.find(row.at("verified"), "out-of-range", what, help);
        }
        let source = row.source();
        if !known {
            continue;
        }
        if let (Some(code), Some(names), Some(group), Some(name_region)) =
            (code, names, group, name_region)
            && let (Some(moved), Some(documented), Some(verified), Some(source)) =
                (moved, documented, verified, source)
        {
            all.push(NationalityRow {
                code,
                names,
                group,
                name_region,
                moved,
                documented,
                verified,
                source,
            });
        }
    }
    Some(all)
}
