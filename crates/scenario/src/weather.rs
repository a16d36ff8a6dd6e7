//! Weather reports as text (`weather/metar.txt`, `weather/taf.txt`). Synthetic. What they mean is for
//! the crate `weather`; here only the station and the time of issue are read.

use domain::code;
use jiff::Timestamp;

/// One report in its coded form, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeatherReport {
    pub kind: ReportKind,
    /// ICAO location indicator, four letters.
    pub station: String,
    /// From its DDHHMMZ, in the month that puts it nearest to the operation.
    pub issued: Timestamp,
    /// From `METAR` or `TAF` to the `=`, without it; continuation lines joined by single spaces.
    pub text: String,
}

code!(ReportKind {
    Metar = "METAR",
    Speci = "SPECI",
    Taf = "TAF",
});
