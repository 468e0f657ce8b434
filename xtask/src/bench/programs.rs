//! The functions' programs and the gateway as processes: started, called, and beside others.

use std::path::Path;

use anyhow::Result;

use super::{Rows, example_rows};
use crate::{node, package, paths};

/// Starts and calls of the programs that were packaged, over the API that Lambda has for them.
pub(super) fn functions() -> Result<Rows> {
    let mut rows: Rows = package::zips()
        .into_iter()
        .map(|(name, bytes)| (format!("{name}: zip"), format!("{bytes} bytes")))
        .collect();
    match package::built_here() {
        Some(folder) => rows.extend(example_rows("lambda", "functions", &[folder.as_os_str()])?),
        None => {
            let arch = package::Arch::here().map_or("ARCH", package::Arch::name);
            let remedy = format!("not built for this machine: run `cargo xtask package --arch {arch}` first");
            rows.push(("functions".into(), remedy));
        }
    }
    Ok(rows)
}

/// The gateway beside `@apollo/gateway`, and Apollo Router if one is named, or built by `package --gateway apollo`.
pub(super) fn gateways(router: Option<&Path>) -> Result<Rows> {
    let folder = paths::root().join("end2end/bench/gateways");
    node::install(&folder)?;
    let apollo = folder.join("apollo.mjs");
    let mut arguments = vec!["--apollo".as_ref(), apollo.as_os_str()];
    let router = router.map(std::path::absolute).transpose()?.or_else(package::router_here);
    if let Some(router) = &router {
        arguments.extend(["--router".as_ref(), router.as_os_str()]);
    }
    example_rows("gateway", "gateways", &arguments)
}
