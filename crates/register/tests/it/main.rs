extern crate amana_register as register;

mod canonical;
mod keyring;
mod read;
mod sealing;
