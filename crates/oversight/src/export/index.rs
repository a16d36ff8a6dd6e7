//! The page a person opens first, in English and Arabic.

use crate::audit::hex;
use log::Checkpoint;
use std::collections::BTreeMap;
use std::fmt::Write;
use store::State;

/// Text as HTML says it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// One language of the page.
struct Words {
    lang: &'static str,
    dir: &'static str,
    title: &'static str,
    what: &'static str,
    check: &'static str,
    without: &'static str,
    with: &'static str,
    facts: &'static str,
    root: &'static str,
    people: &'static str,
    open: &'static str,
    parties: &'static str,
    books: &'static str,
    kinds: &'static str,
    files: &'static str,
    balanced: &'static str,
    unbalanced: &'static str,
}

const ENGLISH: Words = Words {
    lang: "en",
    dir: "ltr",
    title: "Record of custody",
    what: "Every fact that the parties signed, in the order in which the record took them in, with \
           the proof that nothing was added, changed or removed since. Whatever this page says is \
           computed from the facts; where they differ, the facts hold.",
    check: "Check all of it, on a computer of your own and without a network: ",
    without: "Nobody is named in this file: people go by their numbers. Names are in the register, \
              which is kept apart.",
    with: "This file names people: it holds what the register keeps about them (particulars.jsonl).",
    facts: "Facts",
    root: "Root of the tree over all facts",
    people: "People in the record",
    open: "Open discrepancies",
    parties: "Authorities",
    books: "Who answers for how many people, and where",
    kinds: "Facts by kind",
    files: "Files",
    balanced: "The books balance.",
    unbalanced: "THE BOOKS DO NOT BALANCE.",
};

const ARABIC: Words = Words {
    lang: "ar",
    dir: "rtl",
    title: "سجل الاحتجاز",
    what: "كل واقعة وقّعتها الأطراف، بالترتيب الذي دخلت به السجل، مع الدليل على أنه لم يُضَف إليها شيء ولم \
           يُغيَّر ولم يُحذف منذئذ. كل ما في هذه الصفحة محسوب من الوقائع، وعند الاختلاف فالوقائع هي المعتمدة.",
    check: "تحقّقوا من ذلك كله على حاسوبكم ومن دون شبكة: ",
    without: "لا يُذكر في هذا الملف اسم أحد: يُشار إلى الأشخاص بأرقامهم، والأسماء في سجل البيانات \
              الشخصية المحفوظ على حدة.",
    with: "هذا الملف يذكر أشخاصًا بأسمائهم: فيه ما يحفظه سجل البيانات الشخصية عنهم (particulars.jsonl).",
    facts: "الوقائع",
    root: "جذر الشجرة فوق جميع الوقائع",
    people: "الأشخاص في السجل",
    open: "الفروق المفتوحة",
    parties: "الجهات",
    books: "من المسؤول عن كم شخصًا، وأين",
    kinds: "الوقائع بحسب النوع",
    files: "الملفات",
    balanced: "الدفاتر متوازنة.",
    unbalanced: "الدفاتر غير متوازنة.",
};

/// Each file, in both languages.
const FILES: &[(&str, &str, &str)] = &[
    ("facts.csv", "every fact, one a line", "كل واقعة في سطر"),
    ("custody.csv", "where each person's custody stands", "حال احتجاز كل شخص"),
    ("discrepancies.csv", "what did not agree, and how it was resolved", "ما لم يتفق، وكيف حُلّ"),
    ("devices.csv", "the devices that sign, with their keys", "الأجهزة الموقِّعة ومفاتيحها"),
    ("authorities.csv", "the parties, with their keys", "الأطراف ومفاتيحها"),
    ("definitions.csv", "what each figure counts", "ما يعدّه كل رقم"),
    ("documents/", "plans and the scenario", "الخطط والسيناريو"),
    ("tile/entries/", "the signed facts themselves", "الوقائع الموقَّعة ذاتها"),
    (
        "checkpoint, heads/",
        "signed heads, with the witnesses' signatures",
        "الرؤوس الموقَّعة مع تواقيع الشهود",
    ),
    ("SHA256SUMS", "sums of all files", "بصمات جميع الملفات"),
];

pub(super) fn html(
    state: &State,
    head: &Checkpoint,
    documents: &[(String, String)],
    particulars: bool,
) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Amana: record of custody</title>\n\
         <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.15rem .75rem .15rem 0;\
         text-align:start;border-bottom:1px solid #ccc}code{word-break:break-all}</style>\n\
         </head>\n<body>\n",
    );
    for words in [&ENGLISH, &ARABIC] {
        section(&mut page, words, state, head, particulars);
    }
    page += "<section lang=\"en\">\n<h2>documents</h2>\n<ul>\n";
    for (name, media_type) in documents {
        let (name, media_type) = (escape(name), escape(media_type));
        page += &format!("<li><a href=\"documents/{name}\">{name}</a> ({media_type})</li>\n");
    }
    page += "</ul>\n</section>\n</body>\n</html>\n";
    page
}

fn section(page: &mut String, words: &Words, state: &State, head: &Checkpoint, particulars: bool) {
    let open = domain::discrepancies(&state.record).iter().filter(|d| d.is_open()).count();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for fact in state.record.facts() {
        *kinds.entry(fact.event.kind()).or_default() += 1;
    }
    let Words { lang, dir, title, what, check, facts, root, people, .. } = words;
    let privacy = if particulars { words.with } else { words.without };
    let rows = |rows: Vec<(String, String)>| {
        let rows = rows.into_iter().map(|(name, value)| {
            format!("<tr><th scope=\"row\">{}</th><td>{value}</td></tr>\n", escape(&name))
        });
        format!("<table>\n{}</table>\n", rows.collect::<String>())
    };
    let origin = escape(&head.origin);
    let top = rows(vec![
        ((*facts).to_owned(), head.size.to_string()),
        ((*root).to_owned(), format!("<code dir=\"ltr\">{}</code>", hex(&head.root))),
        ((*people).to_owned(), state.record.people().count().to_string()),
        (words.open.to_owned(), open.to_string()),
    ]);
    let parties = state.record.parties().iter();
    let parties = rows(
        parties
            .map(|(name, party)| {
                (name.to_string(), format!("<code dir=\"ltr\">{}</code>", hex(&party.key.0)))
            })
            .collect(),
    );
    let accounts = state.books.accounts().filter(|(_, n)| *n > 0);
    let books = rows(
        accounts
            .map(|(account, n)| {
                (format!("{}, {}", account.authority, account.place), n.to_string())
            })
            .collect(),
    );
    let kinds = rows(kinds.into_iter().map(|(k, n)| (k.to_owned(), n.to_string())).collect());
    let files = rows(
        FILES
            .iter()
            .map(|(name, en, ar)| {
                ((*name).to_owned(), (*if *lang == "ar" { ar } else { en }).to_owned())
            })
            .collect(),
    );
    let balance = if state.books.check().is_ok() { words.balanced } else { words.unbalanced };
    let Words { parties: h_parties, books: h_books, kinds: h_kinds, files: h_files, .. } = words;
    // Writing to a string does not fail.
    let _ = write!(
        page,
        "<section lang=\"{lang}\" dir=\"{dir}\">\n<h1>{title}: <bdi>{origin}</bdi></h1>\n\
         <p>{what}</p>\n<p>{check}<code dir=\"ltr\">amana verify FILE --log VKEY</code></p>\n\
         <p>{privacy}</p>\n{top}<p>{balance}</p>\n<h2>{h_parties}</h2>\n{parties}\
         <h2>{h_books}</h2>\n{books}<h2>{h_kinds}</h2>\n{kinds}<h2>{h_files}</h2>\n{files}</section>\n"
    );
}
