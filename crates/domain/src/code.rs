//! Closed lists: enums whose variants have one stable word each, in files, facts and every API.

/// An enum with a word for each variant: `ALL`, `code`, `codes`, `from_code` and `Display`.
#[macro_export]
macro_rules! code {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];
            /// The stable code used in files, API and catalogues.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
            /// All of them, to say what may be written.
            pub fn codes() -> String {
                [$($text),*].join(", ")
            }
            pub fn from_code(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.pad(self.code())
            }
        }
    };
}
