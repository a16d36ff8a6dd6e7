//! `amana device sign`: an order, signed where the authority's key is and no network need be.

use super::memory::Memory;
use super::order::{Head, ORDER_MAX, Order, SIGNED, Signed};
use crate::{keyfile, opened};
use anyhow::{Context, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::{DeviceId, Event, Role};
use log::{DeviceChain, SigningKey, device_id, public_key};
use qrcode::{EcLevel, QrCode, render::svg};
use signin::{comparison_code, same_code};
use simulator::Signatory;
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

/// Sign an order that a keyholder's page wrote
///
/// Shows what would be signed and asks for each device's twenty digits, as the device itself shows them.
/// Needs the order and the key, neither a store nor a network. Beside the key it keeps FILE.chain, which
/// says what was signed last: it never signs two facts of one sequence, whatever an order claims. The
/// same order again gives the same bytes.
#[derive(clap::Args)]
pub struct Sign {
    /// The order, as the page /devices wrote it
    order: PathBuf,
    /// The authority's own key
    #[arg(long, value_name = "FILE", required_unless_present = "store")]
    key: Option<PathBuf>,
    /// In an exercise: the store whose own key signs
    #[arg(long, conflicts_with = "key")]
    store: Option<String>,
    /// Where the signed facts go; the page takes them from there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Draws them as a QR code too (SVG), for the camera of the page's machine
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

pub fn sign(args: &Sign) -> anyhow::Result<()> {
    let text = read(&args.order)?;
    let order = Order::read(&text).with_context(|| format!("{}", args.order.display()))?;
    let key = key(args, &order)?;
    let device = device_id(&public_key(&key));
    let head = order.heads.iter().find(|head| head.device == device).copied();
    let head = head.with_context(|| {
        format!("this is not the key that {} answers with, by the order: {device}", order.authority)
    })?;
    let memory = args.key.as_deref().map(Memory::beside);
    let begun = match &memory {
        Some(memory) => memory.goes_on_from(&order.origin, &text, head)?,
        None => head,
    };
    confirm(&order, device, &mut std::io::stdin().lock(), &mut std::io::stderr())?;
    let (entries, after) = sign_all(&order, key, begun)?;
    if let Some(memory) = &memory {
        // Durable before anything leaves: what is lost on the way is signed again, never otherwise.
        memory.remember(&order.origin, &text, begun, after)?;
    }
    let signed = Signed { amana: SIGNED.to_owned(), entries };
    std::fs::write(&args.out, serde_json::to_string_pretty(&signed)? + "\n")
        .with_context(|| format!("cannot write {}", args.out.display()))?;
    println!("signed {}: open {} on the page", counted(&order), args.out.display());
    if let Some(picture) = &args.picture {
        draw(&signed, picture)?;
        println!("or show {} to the page's camera", picture.display());
    }
    Ok(())
}

/// The same JSON without its white space, as large as one picture holds (level M: 2,331 bytes).
fn draw(signed: &Signed, picture: &Path) -> anyhow::Result<()> {
    let text = serde_json::to_string(signed)?;
    let code = QrCode::with_error_correction_level(&text, EcLevel::M).map_err(|_| {
        anyhow::anyhow!("{} bytes do not go into one picture: carry the file", text.len())
    })?;
    let drawn = code.render::<svg::Color>().min_dimensions(480, 480).build();
    std::fs::write(picture, drawn).with_context(|| format!("cannot write {}", picture.display()))
}

fn read(path: &Path) -> anyhow::Result<String> {
    let file = std::fs::File::open(path).with_context(|| format!("{}", path.display()))?;
    let mut text = String::new();
    file.take(ORDER_MAX)
        .read_to_string(&mut text)
        .with_context(|| format!("{}", path.display()))?;
    Ok(text)
}

fn key(args: &Sign, order: &Order) -> anyhow::Result<SigningKey> {
    if let Some(store) = &args.store {
        let opened = opened::open(store)?;
        let who = Signatory::of(&order.authority, Role::Keyholder, None);
        return Ok(simulator::exercise_key(opened.exercise()?.seed, &who));
    }
    let file = args.key.as_deref().context("a key is needed: --key FILE")?;
    let key = keyfile::secret(file)?;
    if key.name() != order.authority.as_str() {
        bail!("the key is {}'s, the order is for {}", key.name(), order.authority);
    }
    Ok(key.signing_key().clone())
}

/// Shows each thing that would be signed and has it confirmed by what only the holder of the device, or
/// whoever means to revoke, can say.
fn confirm(
    order: &Order,
    device: DeviceId,
    answers: &mut impl BufRead,
    screen: &mut impl Write,
) -> anyhow::Result<()> {
    let (operation, origin, at) = (&order.operation, &order.origin, order.at);
    writeln!(screen, "{} in {operation} ({origin}), {at}, by {device}", order.authority)?;
    let mut answer = || {
        let mut line = String::new();
        answers.read_line(&mut line).map(|_| line.trim().to_owned())
    };
    for event in &order.events {
        match event {
            Event::DeviceEnrolled { key, role, site, term } => {
                let site = site.as_ref().map_or("any site", |site| site.as_str());
                write!(screen, "\nEnrol as {role} at {site}")?;
                if let Some(term) = term {
                    let hours = term.silence_s / 3_600;
                    write!(screen, ", until {}, a word every {hours} h", term.until)?;
                    if let Some(unit) = &term.unit {
                        write!(screen, ", kept at {unit}")?;
                    }
                    if let Some(old) = term.replaces {
                        write!(screen, ", in place of {old}")?;
                    }
                }
                write!(screen, "\n  key {key}\n  The twenty digits that the device shows: ")?;
                screen.flush()?;
                if !same_code(&answer()?, &comparison_code(key)) {
                    bail!(
                        "these are not the digits of that key: somebody may have put another in its \
                         place. Nothing was signed"
                    );
                }
            }
            Event::DeviceRevoked { device, last, why } => {
                let stands = match last {
                    Some(last) => format!("what it signed up to {last} stands"),
                    None => "nothing that it signed counts".to_owned(),
                };
                write!(screen, "\nTake {device} out of use ({why}); {stands}\n")?;
                write!(screen, "  The first eight characters of that name: ")?;
                screen.flush()?;
                let typed = answer()?;
                if typed.len() < 8 || !device.to_string().starts_with(&typed) {
                    bail!("this is not the device that the order names. Nothing was signed");
                }
            }
            other => bail!("an order does not hold a fact '{}'", other.kind()),
        }
    }
    writeln!(screen)?;
    Ok(())
}

/// Signs everything in a row, each fact naming the one before.
fn sign_all(order: &Order, key: SigningKey, from: Head) -> anyhow::Result<(Vec<String>, Head)> {
    let Order { operation, origin, authority, officer, at, .. } = order;
    let mut chain =
        DeviceChain::new(key, authority.clone(), *officer, operation.clone(), origin.as_str());
    (chain.sequence, chain.previous) = (from.next, from.last);
    let device = chain.device();
    let mut entries = Vec::new();
    for event in &order.events {
        if matches!(event, Event::DeviceRevoked { device: revoked, .. } if *revoked == device) {
            bail!("an authority's own key is not revoked by itself: change it");
        }
        let id = crate::office::fact_id_of(&chain, *at);
        entries.push(BASE64.encode(chain.sign(id, *at, event.clone())?.bytes));
    }
    Ok((entries, Head { device, next: chain.sequence, last: chain.previous }))
}

fn counted(order: &Order) -> String {
    let enrolled =
        order.events.iter().filter(|e| matches!(e, Event::DeviceEnrolled { .. })).count();
    format!("{enrolled} enrolments, {} revocations", order.events.len() - enrolled)
}
