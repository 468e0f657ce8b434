//! `cargo xtask cost`: a month's bill on AWS, by service, worked out of measured counts, a price table and named
//! assumptions; and the same load on two alternatives.

mod bill;
mod load;
mod measure;
mod measured;
mod month;
mod prices;
#[cfg(test)]
mod tests;

pub(crate) use self::{measure::record, measured::Measured};

use anyhow::Result;
use clap::Args;

use self::{
    bill::{Bill, compared, grouped},
    load::Load,
    month::{Shape, month},
    prices::Prices,
};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    load: Load,
    /// Take off what AWS gives every account for good; what new accounts get for a year is never taken off
    #[arg(long)]
    free_tier: bool,
    /// Every quantity with its price, and every assumption
    #[arg(long)]
    details: bool,
    /// Deploy to an emulator, use the product there, and write down what it consumed
    #[arg(long)]
    measure: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.measure {
        return measure::run();
    }
    print!("{}", report(options, &Measured::read()?)?);
    Ok(())
}

/// The bill, in Markdown.
fn report(options: &Options, measured: &Measured) -> Result<String> {
    let Options { load, free_tier, details, .. } = options;
    let prices = Prices::read()?;
    let shapes =
        [("as deployed", Shape::Functions), ("AppSync", Shape::AppSync), ("always-on tasks", Shape::Tasks)];
    let (mut bills, mut tasks) = (Vec::new(), 0.0);
    for (name, shape) in shapes {
        let month = month(load, measured, shape)?;
        tasks += month.tasks;
        bills.push((name, Bill::of(&month, &prices, *free_tier)?));
    }
    let free = if *free_tier { "with" } else { "without" };
    let mut text =
        format!("{}, {free} what is free for good; counts measured {}.\n", prices.about, measured.date);
    text += &format!(
        "{} users, {} operations of each a day, {} photos of each a month. Always-on tasks: {}.\n\n",
        grouped(load.users),
        load.ops_per_day,
        load.media_photos,
        tasks
    );
    text += &compared(&bills);
    if *details {
        if let Some((name, bill)) = bills.first() {
            text += &format!("\n### {name}\n\n{}", bill.details());
            text += "\n\\* as the service's page has it; not compared with the published price list\n";
        }
        text += "\n### Assumed\n\n| flag | value | what |\n|---|--:|---|\n";
        for (flag, value, what) in load.assumptions() {
            text += &format!("| `--{flag}` | {value} | {what} |\n");
        }
    }
    text += "\nSeconds of functions are worked out: the processor's time of programs compiled for tests, divided by\n\
             `--build-ratio`, on the part of a processor that their memory brings, and waits by `--table-ms` and\n\
             `--service-ms`. Not in it: taxes, support, what other accounts of the organization cost.\n";
    Ok(text)
}
