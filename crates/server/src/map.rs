//! The map beneath: provinces and towns from the scenario's `map` folder, as kept with the record.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::Node;

/// GeoJSON ready to be sent.
#[derive(Debug, Clone, Default)]
pub struct Maps {
    provinces: Option<Bytes>,
    towns: Option<Bytes>,
}

/// A line of `map/towns.csv`.
#[derive(Debug, Deserialize)]
struct Town {
    en: String,
    ar: String,
    ckb: String,
    lat: f64,
    lon: f64,
    country: String,
}

impl Maps {
    /// From the scenario's files that are kept with the record; what is missing stays out.
    pub fn kept(node: &Node) -> Self {
        let file = |name: &str| match node.document(name) {
            Ok(document) => document.map(|d| d.bytes),
            Err(error) => {
                tracing::error!(document = name, error = %error, "cannot read a map");
                None
            }
        };
        let towns = file("scenario/map/towns.csv");
        Self {
            provinces: file("scenario/map/provinces.geojson").map(Bytes::from),
            towns: towns.as_deref().map(towns_as_points),
        }
    }
}

fn towns_as_points(csv: &[u8]) -> Bytes {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv);
    let towns = reader.deserialize::<Town>().filter_map(Result::ok).map(|town| {
        serde_json::json!({
            "type": "Feature",
            "properties": {
                "en": town.en, "ar": town.ar, "ckb": town.ckb, "country": town.country,
            },
            "geometry": { "type": "Point", "coordinates": [town.lon, town.lat] },
        })
    });
    let features: Vec<_> = towns.collect();
    let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
    Bytes::from(collection.to_string())
}

/// Provinces as GeoJSON. Schematic, not for navigation.
#[utoipa::path(
    get,
    path = "/api/v1/map/provinces",
    tag = "map",
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/geo+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_provinces(State(app): State<App>) -> Result<Response, Problem> {
    geojson(&app.maps.provinces)
}

/// Towns as GeoJSON points, for orientation.
#[utoipa::path(
    get,
    path = "/api/v1/map/towns",
    tag = "map",
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/geo+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_towns(State(app): State<App>) -> Result<Response, Problem> {
    geojson(&app.maps.towns)
}

fn geojson(map: &Option<Bytes>) -> Result<Response, Problem> {
    let none = || Problem::new(ProblemCode::NoSuchAddress, "this scenario has no such map");
    let headers =
        [(header::CONTENT_TYPE, "application/geo+json"), (header::CACHE_CONTROL, "max-age=3600")];
    map.clone().map(|map| (headers, map).into_response()).ok_or_else(none)
}
