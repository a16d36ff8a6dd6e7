//! The properties that the fuzz targets try.

pub mod properties;
