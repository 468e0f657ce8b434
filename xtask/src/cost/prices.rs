//! The price table (`prices.json`): what each thing that is metered costs, where that was read, and when.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

const TABLE: &str = include_str!("prices.json");

/// What AWS meters, as the table names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Meter {
    HttpRequest,
    SocketMessage,
    SocketMinute,
    LambdaRequest,
    LambdaGbSecond,
    TableRead,
    TableWrite,
    TableGb,
    TableBackupGb,
    StreamRead,
    PipeEvent,
    BusEvent,
    CdnRequest,
    CdnGb,
    CdnFunction,
    CdnOriginGb,
    FirewallList,
    FirewallRule,
    FirewallRequest,
    StorageGb,
    StorageWrite,
    StorageRead,
    TieringObject,
    TieringMove,
    VideoMinuteSd,
    VideoMinuteHd,
    LogGb,
    LogStoredGb,
    Metric,
    Alarm,
    Dashboard,
    Trace,
    Zone,
    Secret,
    SecretRead,
    Mail,
    AppsyncOperation,
    AppsyncUpdate,
    AppsyncMinute,
    TaskVcpuHour,
    TaskGbHour,
    BalancerHour,
    BalancerUnitHour,
    AddressHour,
}

/// How a price was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Read {
    /// In a copy of the price list that AWS publishes for programs, at the address.
    PriceList,
    /// In the outline that the product is built from.
    Outline,
    /// As the service's page has it; not compared with the price list.
    Page,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    pub(crate) meter: Meter,
    pub(crate) service: String,
    usd: f64,
    /// How many the price is for.
    per: f64,
    pub(crate) unit: String,
    /// The address at which it was read.
    pub(crate) source: String,
    pub(crate) read: Read,
    /// From how many on in a month another price holds, and which; in order.
    #[serde(default)]
    beyond: Vec<(f64, f64)>,
    /// How many a month cost nothing, in every account and for good.
    #[serde(default)]
    pub(crate) free: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    region: String,
    place: String,
    date: String,
    currency: String,
    prices: Vec<Price>,
}

/// The prices of one region.
#[derive(Debug)]
pub(crate) struct Prices {
    /// Where they hold, and when they were read, for people.
    pub(crate) about: String,
    by_meter: BTreeMap<Meter, Price>,
}

impl Prices {
    pub(crate) fn read() -> Result<Self> {
        Self::parse(TABLE).context("xtask/src/cost/prices.json")
    }

    fn parse(text: &str) -> Result<Self> {
        let file: File = serde_json::from_str(text)?;
        let mut by_meter = BTreeMap::new();
        for price in file.prices {
            let thresholds = price.beyond.iter().map(|(from, _)| *from);
            if price.per <= 0.0 || !thresholds.is_sorted_by(|one, next| one < next) {
                bail!("{:?} is priced for nothing, or its steps are out of order", price.meter);
            }
            if let Some(twice) = by_meter.insert(price.meter, price) {
                bail!("{:?} has two prices", twice.meter);
            }
        }
        let File { region, place, date, currency, .. } = file;
        Ok(Self { about: format!("{currency}, {place}, {region}, prices of {date}"), by_meter })
    }

    pub(crate) fn of(&self, meter: Meter) -> Result<&Price> {
        self.by_meter.get(&meter).with_context(|| format!("xtask/src/cost/prices.json has no {meter:?}"))
    }
}

impl Price {
    /// What so many cost in a month, unrounded.
    pub(crate) fn charge(&self, quantity: f64, free_tier: bool) -> f64 {
        let mut left = if free_tier { (quantity - self.free).max(0.0) } else { quantity };
        let mut usd = 0.0;
        // From the dearest step for the most down to the first.
        for (from, price) in self.beyond.iter().rev() {
            let above = (left - from).max(0.0);
            usd += above * price;
            left -= above;
        }
        (usd + left * self.usd) / self.per
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.read == Read::Page { "*" } else { "" };
        if self.per == 1.0 {
            write!(f, "{}{mark}", self.usd)
        } else {
            write!(f, "{}{mark} / {}", self.usd, self.per)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(usd: f64, per: f64, beyond: Vec<(f64, f64)>, free: f64) -> Price {
        let (service, unit, source) = Default::default();
        Price { meter: Meter::Zone, service, usd, per, unit, source, read: Read::Page, beyond, free }
    }

    #[test]
    fn steps_are_charged_each_at_its_own_price() {
        let price = one(0.10, 1.0, vec![(10.0, 0.08), (50.0, 0.05)], 0.0);
        assert_eq!(price.charge(0.0, false), 0.0);
        assert!((price.charge(10.0, false) - 1.0).abs() < 1e-12);
        assert!((price.charge(60.0, false) - (1.0 + 3.2 + 0.5)).abs() < 1e-12);
    }

    #[test]
    fn what_is_free_is_taken_off_only_if_asked_for() {
        let price = one(2.0, 1_000.0, Vec::new(), 500.0);
        assert!((price.charge(1_500.0, false) - 3.0).abs() < 1e-12);
        assert!((price.charge(1_500.0, true) - 2.0).abs() < 1e-12);
        assert_eq!(price.charge(400.0, true), 0.0);
    }

    #[test]
    fn every_price_says_where_it_was_read() {
        let prices = Prices::read().unwrap();
        assert!(prices.about.contains("eu-west-1") && prices.about.contains("2026-"), "{}", prices.about);
        for price in prices.by_meter.values() {
            assert!(price.source.starts_with("https://"), "{:?}", price.meter);
            assert_eq!(
                price.source.contains("pricing.us-east-1"),
                price.read == Read::PriceList,
                "{:?}",
                price.meter
            );
        }
    }

    #[test]
    fn a_table_that_makes_no_sense_is_refused() {
        let table = |price: &str| {
            format!(r#"{{"region":"r","place":"p","date":"d","currency":"USD","prices":[{price}]}}"#)
        };
        let zone = r#"{"meter":"zone","service":"s","usd":1,"per":1,"unit":"u","source":"","read":"page"}"#;
        assert!(Prices::parse(&table(zone)).is_ok());
        for broken in [
            format!("{zone},{zone}"),
            zone.replace("\"per\":1", "\"per\":0"),
            zone.replace("zone", "no such thing"),
            zone.replace("\"per\":1", "\"per\":1,\"beyond\":[[2,1],[1,1]]"),
        ] {
            assert!(Prices::parse(&table(&broken)).is_err(), "{broken}");
        }
    }
}
