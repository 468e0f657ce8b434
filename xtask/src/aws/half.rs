//! Half of the product on this machine, and the other half deployed: the development matrix, as a check.

use std::{path::Path, process::Stdio};

use anyhow::{Context as _, Result};

use super::{
    Deployed,
    emulator::{Running, variables},
};
use crate::{command::program, site::Mode};

/// Which half is on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The site, before the deployed API.
    Site,
    /// Site and server, over the deployed table and buckets.
    Backend,
}

impl Half {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Site => "end to end, the site here and the API deployed",
            Self::Backend => "end to end, the server here and its table deployed",
        }
    }

    /// The specs that try it, by their tags. Files that arrive by a server here wait for the deployed maker, which comes
    /// by every five minutes.
    pub(crate) const fn specs(self) -> &'static str {
        match self {
            Self::Site => "@matrix",
            Self::Backend => "@matrix-table",
        }
    }
}

/// The half that runs here. It ends with this value.
pub(crate) struct Local {
    _server: Running,
    variables: Vec<(&'static str, String)>,
}

impl Local {
    /// What tells the browser's suite where everything is.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        self.variables.clone()
    }
}

impl Deployed {
    /// Starts one half on this machine, as `cargo xtask serve` does.
    pub(crate) fn with_half(&self, half: Half, server: &Path) -> Result<Local> {
        let mut serve = program(server);
        let data = super::folder()?.join("data");
        serve.args(["serve", "--port", "0", "--site"]).arg(Mode::Release.out()).arg("--data").arg(data);
        match half {
            Half::Site => serve.args(["--api", &self.url]),
            Half::Backend => serve.args(self.stores.words()).env_remove("AWS_PROFILE"),
        };
        if half == Half::Backend {
            serve.envs(variables(self.emulator.port));
        }
        let mut server = Running::start(serve.stdout(Stdio::piped()))?;
        let said = server.first_line().context("the server on this machine did not start")?;
        let mut words = said.split(|letter: char| letter.is_whitespace() || letter == ',');
        let url = words.find(|word| word.starts_with("http://"));
        // A page may be asked for by this name, and the emulator's buckets know it.
        let url = url.context("the server on this machine did not say where it is")?;
        let url = url.replace("127.0.0.1", "localhost");
        // The deployment keeps mail to tests in its table; a server here shows it.
        let mut told = self.variables();
        told.retain(|(name, _)| *name != "STACK_URL" && (half == Half::Site || *name != "STACK_TABLE"));
        told.push(("STACK_URL", url));
        Ok(Local { _server: server, variables: told })
    }
}
