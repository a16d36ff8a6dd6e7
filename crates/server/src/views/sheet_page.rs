//! A balance sheet as a page to print, in English, Arabic or Sorani. It stands alone: no script, no font,
//! nothing fetched.

use crate::api::{NightSheet, SheetSums, SignedSheet};
use scenario::Scenario;
use std::fmt::Write;

/// The words of the page.
struct Words {
    lang: &'static str,
    dir: &'static str,
    title: &'static str,
    night: &'static str,
    until: &'static str,
    positions: &'static str,
    authority: &'static str,
    place: &'static str,
    columns: [&'static str; 10],
    total: &'static str,
    balances: &'static str,
    does_not_balance: &'static str,
    musters: &'static str,
    muster_columns: [&'static str; 7],
    agrees: &'static str,
    differs: &'static str,
    no_musters: &'static str,
    signature: &'static str,
    by_name: &'static str,
    by_number: &'static str,
}

const ENGLISH: Words = Words {
    lang: "en",
    dir: "ltr",
    title: "Balance sheet of people in custody",
    night: "Night of",
    until: "Recorded between",
    positions: "Positions of the record",
    authority: "Authority",
    place: "Place",
    columns: [
        "Opening",
        "Registered",
        "Held again",
        "Received",
        "Moved in",
        "Handed over",
        "Moved out",
        "Ended",
        "Withdrawn",
        "Closing",
    ],
    total: "All accounts",
    balances: "Every account adds up.",
    does_not_balance: "THE ACCOUNTS DO NOT ADD UP.",
    musters: "Musters confronted with the book",
    muster_columns: ["Site", "Time (UTC)", "Method", "On the list", "Counted", "In the book", ""],
    agrees: "agrees",
    differs: "DIFFERS",
    no_musters: "No muster was recorded.",
    signature: "Signed by the log over the digest of the data",
    by_name: "by name",
    by_number: "by number",
};

const ARABIC: Words = Words {
    lang: "ar",
    dir: "rtl",
    title: "ميزانية الأشخاص المحتجزين",
    night: "ليلة",
    until: "المسجّل بين",
    positions: "مواضع السجل",
    authority: "الجهة",
    place: "المكان",
    columns: [
        "الافتتاح",
        "قُيّدوا",
        "أُعيد احتجازهم",
        "استُلموا",
        "نُقلوا إليه",
        "سُلّموا",
        "نُقلوا منه",
        "انتهى احتجازهم",
        "سُحب قيدهم",
        "الإقفال",
    ],
    total: "كل الحسابات",
    balances: "كل الحسابات متوازنة.",
    does_not_balance: "الحسابات غير متوازنة.",
    musters: "التعداد مقابل الدفتر",
    muster_columns: ["الموقع", "الوقت (UTC)", "الطريقة", "في القائمة", "المعدود", "في الدفتر", ""],
    agrees: "مطابق",
    differs: "غير مطابق",
    no_musters: "لم يُسجَّل أي تعداد.",
    signature: "توقيع السجل على ملخّص البيانات",
    by_name: "بالاسم",
    by_number: "بالعدد",
};

const SORANI: Words = Words {
    lang: "ckb",
    dir: "rtl",
    title: "تەرازووی کەسانی ڕاگیراو",
    night: "شەوی",
    until: "تۆمارکراو لە نێوان",
    positions: "پێگەکانی تۆمار",
    authority: "دەسەڵات",
    place: "شوێن",
    columns: [
        "کردنەوە",
        "تۆمارکران",
        "دووبارە ڕاگیران",
        "وەرگیران",
        "گوازرانەوە بۆ ئێرە",
        "ڕادەستکران",
        "گوازرانەوە لێرەوە",
        "سپاردە کۆتایی هات",
        "تۆمار کشێنرایەوە",
        "داخستن",
    ],
    total: "هەموو هەژمارەکان",
    balances: "هەموو هەژمارەکان هاوسەنگن.",
    does_not_balance: "هەژمارەکان هاوسەنگ نین.",
    musters: "سەرژمێری بەرامبەر دەفتەر",
    muster_columns: ["شوێن", "کات (UTC)", "شێواز", "لە لیستدا", "ژمێردراو", "لە دەفتەردا", ""],
    agrees: "دەگونجێت",
    differs: "ناگونجێت",
    no_musters: "هیچ سەرژمێرییەک تۆمار نەکراوە.",
    signature: "واژۆی تۆمار لەسەر پوختەی داتا",
    by_name: "بە ناو",
    by_number: "بە ژمارە",
};

const STYLE: &str = "body{font:13px/1.4 system-ui,sans-serif;margin:24px;color:#111}\
table{border-collapse:collapse;width:100%;margin:10px 0 20px}\
th,td{border:1px solid #999;padding:3px 6px;text-align:start}td.n{text-align:end;\
font-variant-numeric:tabular-nums}thead th{background:#eee}tfoot th,tfoot td{font-weight:700}\
pre{border:1px solid #999;padding:8px;overflow-x:auto;font-size:11px}.wrap{overflow-x:auto}\
@page{size:A4 landscape;margin:12mm}@media print{body{margin:0}tr{break-inside:avoid}}";

/// The page; `lang` is `ar` or `ckb`, or English for anything else.
pub fn page(signed: &SignedSheet, scenario: &Scenario, lang: &str) -> String {
    let w = match lang {
        "ar" => &ARABIC,
        "ckb" => &SORANI,
        _ => &ENGLISH,
    };
    let sheet = &signed.sheet;
    let verdict = if sheet.balanced { w.balances } else { w.does_not_balance };
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <link rel=\"icon\" href=\"data:,\"><title>{} · {}</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>{}</h1>\n\
         <p>{}: <strong><bdi dir=\"ltr\">{}</bdi></strong><br>{} <bdi dir=\"ltr\">{} – {}</bdi><br>\
         {} <bdi dir=\"ltr\">{} – {}</bdi></p>\n<p><strong>{verdict}</strong></p>\n",
        w.lang,
        w.dir,
        w.title,
        sheet.night,
        w.title,
        w.night,
        sheet.night,
        w.until,
        sheet.from,
        sheet.until,
        w.positions,
        sheet.from_position,
        sheet.position,
    );
    accounts(&mut html, w, sheet, scenario);
    musters(&mut html, w, sheet, scenario);
    let _ = write!(
        html,
        "<h2>{}</h2>\n<pre dir=\"ltr\" class=\"signature\" tabindex=\"0\">{}</pre>\n</body>\n</html>\n",
        w.signature,
        escaped(&signed.signature)
    );
    html
}

fn accounts(html: &mut String, w: &Words, sheet: &NightSheet, scenario: &Scenario) {
    let heads: String = w.columns.iter().map(|c| format!("<th>{c}</th>")).collect();
    let _ = write!(
        html,
        "<div class=\"wrap\"><table><thead><tr><th>{}</th><th>{}</th>{heads}</tr></thead>\n\
         <tbody class=\"accounts\">\n",
        w.authority, w.place
    );
    for account in &sheet.accounts {
        let authority = scenario.authorities.iter().find(|a| a.id.as_str() == account.authority);
        let authority = authority.map_or(account.authority.as_str(), |a| in_words(w, &a.names));
        let _ = writeln!(
            html,
            "<tr><th>{}</th><td><bdi dir=\"ltr\">{}</bdi></td>{}</tr>",
            escaped(authority),
            escaped(&account.place),
            cells(&account.sums)
        );
    }
    let _ = write!(
        html,
        "</tbody>\n<tfoot><tr><th colspan=\"2\">{}</th>{}</tr></tfoot></table></div>\n",
        w.total,
        cells(&sheet.total)
    );
}

fn cells(s: &SheetSums) -> String {
    let ended = s.exits.values().sum();
    let numbers = [
        s.opening,
        s.registered,
        s.recovered,
        s.received,
        s.moved_in,
        s.handed_over,
        s.moved_out,
        ended,
        s.withdrawn,
        s.closing,
    ];
    numbers.map(|n| format!("<td class=\"n\">{n}</td>")).concat()
}

fn musters(html: &mut String, w: &Words, sheet: &NightSheet, scenario: &Scenario) {
    let _ = writeln!(html, "<h2>{}</h2>", w.musters);
    if sheet.musters.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", w.no_musters);
        return;
    }
    let heads: String = w.muster_columns.iter().map(|c| format!("<th>{c}</th>")).collect();
    let _ = write!(html, "<div class=\"wrap\"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n");
    for m in &sheet.musters {
        let site = scenario.sites.iter().find(|s| s.id.as_str() == m.site);
        let site = site.map_or(m.site.as_str(), |s| in_words(w, &s.names));
        let names: Vec<_> = m.not_found.iter().chain(&m.not_in_book).cloned().collect();
        let _ = writeln!(
            html,
            "<tr><th>{}</th><td><bdi dir=\"ltr\">{}</bdi></td><td>{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td>{} <bdi dir=\"ltr\">{}</bdi></td></tr>",
            escaped(site),
            m.at,
            method(w, &m.method),
            m.expected,
            m.counted,
            m.book,
            if m.agrees { w.agrees } else { w.differs },
            escaped(&names.join(" "))
        );
    }
    html.push_str("</tbody></table></div>\n");
}

fn method(w: &Words, method: &str) -> &'static str {
    if method == "by-name" { w.by_name } else { w.by_number }
}

fn in_words<'a>(w: &Words, names: &'a scenario::Text) -> &'a str {
    match w.lang {
        "ar" => &names.ar,
        "ckb" => &names.ckb,
        _ => &names.en,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
