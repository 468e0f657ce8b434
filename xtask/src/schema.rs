//! `cargo xtask schema`: the supergraph and the client's copy of the API schema, from the subgraphs' own SDL.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{output, program},
    node, paths,
    progress::step,
};

/// The subgraphs, as `server sdl` names them.
const SUBGRAPHS: [&str; 3] = ["account", "todo", "media"];

/// What is written, as `compose.mjs` names it, and where it is committed.
const FILES: [(&str, &str); 2] = [
    ("supergraph.graphql", "server/gateway/supergraph.graphql"),
    ("api.graphql", "app/graphql/schema.graphql"),
];

/// Composes what the binary `server` says of its subgraphs.
///
/// With `check`, changes nothing and fails when a committed file is stale.
pub(crate) fn run(check: bool, server: &Path) -> Result<()> {
    node::install(&node::tools())?;
    let work = paths::work().join("schema");
    fs::create_dir_all(&work)?;
    step("supergraph, composed", || compose(server, &work))?;
    let mut stale = Vec::new();
    for (made, committed) in FILES {
        let fresh = fs::read(work.join(made))?;
        let file = paths::root().join(committed);
        if fs::read(&file).is_ok_and(|old| old == fresh) {
            continue;
        }
        stale.push(committed);
        if !check {
            fs::write(&file, fresh).with_context(|| format!("writing {committed}"))?;
            eprintln!("wrote {committed}");
        }
    }
    if check && !stale.is_empty() {
        bail!("stale: {}. Run `cargo xtask schema` and commit what it writes", stale.join(", "));
    }
    Ok(())
}

fn compose(server: &Path, work: &Path) -> Result<()> {
    let mut compose = program("node");
    compose.arg(node::tools().join("compose.mjs")).arg(work);
    for subgraph in SUBGRAPHS {
        let sdl = output(program(server).args(["sdl", subgraph]))?;
        let file = work.join(format!("{subgraph}.graphql"));
        fs::write(&file, sdl)?;
        compose.arg(&file);
    }
    output(&mut compose).map(drop)
}
