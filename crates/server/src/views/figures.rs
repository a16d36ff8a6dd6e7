//! Figures by definition, beside what was published about the same thing.

use crate::api::{Figure, Text};
use crate::views::operation::{published, sites};
use crate::views::plan::largest_first;
use domain::{PersonId, Record};
use ledger::{Context, Nationalities, Value};
use scenario::Scenario;
use std::collections::BTreeMap;

/// One for each definition, in their order.
pub fn figures(
    record: &Record,
    scenario: &Scenario,
    nationalities: &BTreeMap<PersonId, Nationalities>,
) -> Vec<Figure> {
    let sites = sites(scenario);
    let nationality = |person| nationalities.get(&person).cloned().unwrap_or_default();
    let context = Context { sites: &sites, nationality: &nationality };
    ledger::definitions()
        .iter()
        .map(|definition| {
            let figure = ledger::figure(record, definition, &context);
            let parts = match &figure.value {
                Value::Count(_) => Vec::new(),
                Value::ByCode(by) => largest_first(by.iter().map(|(k, n)| (&**k, *n as u32))),
            };
            let said = scenario.published.iter().filter(|p| is_about(&p.subject, definition.id));
            Figure {
                definition: definition.to_string(),
                title: title(definition.id),
                text: text(definition.text.en, definition.text.ar, definition.text.ckb),
                value: figure.value.total() as u32,
                parts,
                published: said.map(published).collect(),
            }
        })
        .collect()
}

/// Whether a published subject speaks of what a definition counts. Those who published did not say
/// what they counted, so one subject may stand beside several definitions.
fn is_about(subject: &str, definition: &str) -> bool {
    match definition {
        "registered" => subject == "expected",
        "departed" => matches!(subject, "departed" | "departed-cumulative" | "moved-cumulative"),
        "offered-at-destination" => subject == "moved-cumulative",
        "admitted" => matches!(subject, "arrived" | "moved-cumulative"),
        "exits" => subject == "escaped",
        "under-18" => subject == "minors",
        "countries" => subject == "countries",
        "nationality/claimed" | "nationality/documented" | "nationality/verified" => {
            subject.starts_with("nationality:")
        }
        _ => false,
    }
}

/// A definition in a word or two; its id where none was written.
pub fn title(definition: &str) -> Text {
    match definition {
        "registered" => text("Registered", "المقيّدون", "تۆمارکراو"),
        "departed" => text("Departed", "المغادرون", "ڕۆیشتوو"),
        "offered-at-destination" => {
            text("Offered at a destination", "المعروضون عند الوصول", "پێشکەشکراو لە گەیشتن")
        }
        "admitted" => text("Admitted", "المودَعون", "وەرگیراو"),
        "exits" => text("Custody ended", "انتهاء الاحتجاز", "کۆتایی ڕاگرتن"),
        "contested" => text("Contested", "محل خلاف", "جێی ناکۆکی"),
        "in-transit" => text("In transit", "في الطريق", "لە ڕێگادا"),
        "under-18" => text("Under 18", "دون الثامنة عشرة", "خوار 18 ساڵ"),
        "countries" => text("Countries", "الدول", "وڵاتان"),
        "nationality/claimed" => {
            text("Nationality, claimed", "الجنسية المصرّح بها", "ڕەگەزنامە، بە وتەی خۆیان")
        }
        "nationality/documented" => {
            text("Nationality, documented", "الجنسية الموثّقة", "ڕەگەزنامە، بە بەڵگەنامە")
        }
        "nationality/verified" => {
            text("Nationality, verified", "الجنسية المؤكّدة", "ڕەگەزنامە، پشتڕاستکراو")
        }
        other => text(other, other, other),
    }
}

fn text(en: &str, ar: &str, ckb: &str) -> Text {
    Text { en: en.to_owned(), ar: ar.to_owned(), ckb: ckb.to_owned() }
}
