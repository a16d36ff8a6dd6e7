//! `amana`: plan, run and account for the transfer of people in custody.

mod account;
mod balance;
mod certificate;
mod cohort;
mod decide;
mod device;
mod discrepancy;
mod exchange;
mod exercise;
mod export;
mod init;
mod keyfile;
mod migrate_store;
mod mirror;
mod obligations;
mod office;
mod open;
mod opened;
mod people;
mod plan;
mod planning;
mod play;
mod policy;
mod register;
mod scenario_check;
mod sections;
mod serve;
mod simulate;
mod statement;
mod trust;
mod verdict;
mod verify;
mod witness;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "amana", version, about, long_about = None, arg_required_else_help = true)]
struct Amana {
    #[command(subcommand)]
    command: Command,
}

/// Plan, run and account for the transfer of people in custody between authorities
#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Open(open::Open),
    Serve(serve::Serve),
    #[command(subcommand)]
    Account(account::AccountCommand),
    #[command(subcommand)]
    Device(device::DeviceCommand),
    Certificate(certificate::Certificate),
    Exchange(exchange::ExchangeArgs),
    #[command(subcommand)]
    Bundle(exchange::Bundle),
    #[command(subcommand)]
    Peer(exchange::PeerCommand),
    Join(exchange::Join),
    #[command(subcommand)]
    Scenario(scenario_check::Scenario),
    #[command(subcommand)]
    Cohort(cohort::Cohort),
    Play(play::Play),
    #[command(subcommand)]
    People(people::PeopleCommand),
    #[command(subcommand)]
    Decide(decide::Decide),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    #[command(subcommand)]
    Register(register::RegisterCommand),
    Balance(balance::Balance),
    #[command(subcommand)]
    Discrepancy(discrepancy::DiscrepancyCommand),
    Obligations(obligations::Obligations),
    #[command(subcommand)]
    Statement(statement::Statement),
    Verify(verify::Verify),
    Export(export::ExportArgs),
    Witness(witness::WitnessArgs),
    MigrateStore(migrate_store::MigrateStore),
    Mirror(mirror::MirrorArgs),
    #[command(subcommand)]
    Plan(plan::Plan),
    Simulate(simulate::Simulate),
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_target(false)
        .init();
    let done = match Amana::parse().command {
        Command::Init(args) => init::init(&args),
        Command::Open(args) => open::open(&args),
        Command::Serve(args) => serve::serve(&args),
        Command::Account(args) => account::account(&args),
        Command::Device(args) => device::device(&args),
        Command::Exchange(args) => exchange::exchange(&args),
        Command::Bundle(args) => exchange::bundle(&args),
        Command::Peer(args) => exchange::peer(&args),
        Command::Join(args) => exchange::join(&args),
        Command::Certificate(args) => certificate::certificate(&args),
        Command::Scenario(args) => scenario_check::scenario(&args),
        Command::Cohort(args) => cohort::cohort(&args),
        Command::Play(args) => play::play(&args),
        Command::People(args) => people::people(&args),
        Command::Decide(args) => decide::decide(&args),
        Command::Policy(args) => policy::policy(&args),
        Command::Register(args) => register::register(&args),
        Command::Balance(args) => balance::balance(&args),
        Command::Discrepancy(args) => discrepancy::discrepancy(&args),
        Command::Obligations(args) => obligations::obligations(&args),
        Command::Statement(args) => statement::statement(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Export(args) => export::export(&args),
        Command::Witness(args) => witness::witness(&args),
        Command::MigrateStore(args) => migrate_store::migrate_store(&args),
        Command::Mirror(args) => mirror::mirror(&args),
        Command::Plan(args) => plan::plan(&args),
        Command::Simulate(args) => simulate::simulate(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}
