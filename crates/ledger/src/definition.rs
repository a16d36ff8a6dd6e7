//! The definitions behind figures: few, named, versioned, in the three languages of the operation.
//!
//! A definition is never changed; a better one gets the next version and both stay readable.

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// As `nationality/verified`.
    pub id: &'static str,
    pub version: u32,
    pub text: Text,
    pub(crate) measure: Measure,
}

/// One sentence in English, Arabic and Sorani Kurdish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub en: &'static str,
    pub ar: &'static str,
    pub ckb: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Registered,
    Departed,
    OfferedAtDestination,
    Admitted,
    Exits,
    Contested,
    InTransit,
    Under18,
    Countries,
    Claimed,
    Documented,
    Verified,
}

impl Definition {
    /// Whether it counts by what the register holds about people, so that the facts alone do not
    /// tell it.
    pub fn needs_register(&self) -> bool {
        use Measure::*;
        matches!(self.measure, Countries | Claimed | Documented | Verified)
    }
}

impl std::fmt::Display for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}@{}", self.id, self.version)
    }
}

/// Finds a definition by its full name, as `admitted@1`.
pub fn definition(name: &str) -> Option<&'static Definition> {
    definitions().iter().find(|d| d.to_string() == name)
}

/// All definitions, in the order they are shown.
pub fn definitions() -> &'static [Definition] {
    &[
        Definition {
            id: "registered",
            version: 1,
            measure: Measure::Registered,
            text: Text {
                en: "People taken into the record, whatever became of them since.",
                ar: "الأشخاص المقيّدون في السجل، أيًّا كان مصيرهم بعد ذلك.",
                ckb: "ئەو کەسانەی لە تۆمارەکەدا تۆمارکراون، هەرچییەکیان دواتر بەسەر هاتبێت.",
            },
        },
        Definition {
            id: "departed",
            version: 1,
            measure: Measure::Departed,
            text: Text {
                en: "People whom an authority other than the one that registered them accepted at \
                     an origin: handed to the escort.",
                ar: "الأشخاص الذين تسلّمتهم عند موقع المنشأ جهةٌ غير الجهة التي قيّدتهم: سُلّموا إلى \
                     المرافقة.",
                ckb: "ئەو کەسانەی لە شوێنی دەستپێکدا دەسەڵاتێکی تر جگە لەوەی تۆماری کردوون وەریگرتوون: \
                      درانە دەستی پاسەوانان.",
            },
        },
        Definition {
            id: "offered-at-destination",
            version: 1,
            measure: Measure::OfferedAtDestination,
            text: Text {
                en: "People whom their custodian offered to another authority at a destination, \
                     accepted or not.",
                ar: "الأشخاص الذين عرض حائزهم تسليمهم إلى جهة أخرى في موقع الوصول، قُبلوا أم لم يُقبلوا.",
                ckb: "ئەو کەسانەی لە شوێنی گەیشتندا پێشکەش بە دەسەڵاتێکی تر کران، وەرگیرابن یان نا.",
            },
        },
        Definition {
            id: "admitted",
            version: 1,
            measure: Measure::Admitted,
            text: Text {
                en: "People whom an authority accepted by handover and then placed in a unit of a \
                     destination, whatever became of them since.",
                ar: "الأشخاص الذين قبلت جهةٌ تسلّمهم ثم أودعتهم وحدةً في موقع الوصول، أيًّا كان مصيرهم بعد \
                     ذلك.",
                ckb: "ئەو کەسانەی دەسەڵاتێک بە وەرگرتن قبووڵی کردن و لە یەکەیەکی شوێنی گەیشتندا \
                      دایمەزراندن، هەرچییەکیان دواتر بەسەر هاتبێت.",
            },
        },
        Definition {
            id: "exits",
            version: 1,
            measure: Measure::Exits,
            text: Text {
                en: "Ends of custody, by reason; a person who escaped twice counts twice.",
                ar: "حالات انتهاء الاحتجاز بحسب السبب؛ ومن فرّ مرتين يُحتسب مرتين.",
                ckb: "کۆتاییهاتنی ڕاگرتن بەپێی هۆکار؛ کەسێک دوو جار هەڵاتبێت دوو جار دەژمێردرێت.",
            },
        },
        Definition {
            id: "contested",
            version: 1,
            measure: Measure::Contested,
            text: Text {
                en: "People about whose custody two facts that fit disagree, and no entitled \
                     authority has ruled yet.",
                ar: "الأشخاص الذين تتعارض بشأن احتجازهم واقعتان صحيحتا التسلسل ولم تفصل فيهما بعدُ جهة \
                     مخوّلة.",
                ckb: "ئەو کەسانەی دوو ڕووداوی گونجاو لەسەر ڕاگرتنیان ناکۆکن و هێشتا دەسەڵاتێکی \
                      مافدار بڕیاری نەداوە.",
            },
        },
        Definition {
            id: "in-transit",
            version: 1,
            measure: Measure::InTransit,
            text: Text {
                en: "People handed to the escort who are now in a vehicle or at a site that is \
                     neither an origin nor a destination.",
                ar: "الأشخاص المسلَّمون إلى المرافقة والموجودون الآن في مركبة أو في موقع ليس منشأً ولا وصولًا.",
                ckb: "ئەو کەسانەی دراونەتە دەستی پاسەوانان و ئێستا لە ئۆتۆمبێلێکدان یان لە شوێنێک کە \
                      نە دەستپێکە و نە گەیشتن.",
            },
        },
        Definition {
            id: "under-18",
            version: 1,
            measure: Measure::Under18,
            text: Text {
                en: "Registered people whom the latest finding about their age, by the field's \
                     time, holds to be under 18.",
                ar: "الأشخاص المقيّدون الذين تفيد آخر نتيجة بشأن أعمارهم، بتوقيت الميدان، بأنهم دون الثامنة \
                     عشرة.",
                ckb: "کەسانی تۆمارکراو کە دوایین دۆزینەوە لەبارەی تەمەنیان، بە کاتی مەیدان، دەڵێت \
                      تەمەنیان لە ١٨ ساڵ کەمترە.",
            },
        },
        Definition {
            id: "countries",
            version: 1,
            measure: Measure::Countries,
            text: Text {
                en: "Different nationalities claimed by the people admitted; those who claim none \
                     add none.",
                ar: "عدد الجنسيات المختلفة التي صرّح بها الأشخاص المودَعون؛ ومن لم يصرّح بجنسية لا يُضيف إلى \
                     العدد.",
                ckb: "ژمارەی ڕەگەزنامە جیاوازەکان کە وەرگیراوان ئیدیعای دەکەن؛ ئەوانەی هیچ \
                      ڕەگەزنامەیەک ئیدیعا ناکەن ناژمێردرێن.",
            },
        },
        Definition {
            id: "nationality/claimed",
            version: 1,
            measure: Measure::Claimed,
            text: Text {
                en: "People admitted, by the nationality they claim.",
                ar: "الأشخاص المودَعون بحسب الجنسية التي صرّحوا بها.",
                ckb: "کەسانی وەرگیراو بەپێی ئەو ڕەگەزنامەیەی خۆیان دەیڵێن.",
            },
        },
        Definition {
            id: "nationality/documented",
            version: 1,
            measure: Measure::Documented,
            text: Text {
                en: "People admitted, by the nationality that a document shows.",
                ar: "الأشخاص المودَعون بحسب الجنسية المثبتة بوثيقة.",
                ckb: "کەسانی وەرگیراو بەپێی ئەو ڕەگەزنامەیەی بەڵگەنامەیەک نیشانی دەدات.",
            },
        },
        Definition {
            id: "nationality/verified",
            version: 1,
            measure: Measure::Verified,
            text: Text {
                en: "People admitted, by the nationality that the state concerned has confirmed.",
                ar: "الأشخاص المودَعون بحسب الجنسية التي أكّدتها الدولة المعنية.",
                ckb: "کەسانی وەرگیراو بەپێی ئەو ڕەگەزنامەیەی دەوڵەتی پەیوەندیدار پشتڕاستی کردووەتەوە.",
            },
        },
    ]
}
