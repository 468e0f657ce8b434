//! `cargo leptos watch`: renders the pages for the files that it builds, with live reload in them.

use std::{
    env,
    net::{AddrParseError, SocketAddr},
    path::PathBuf,
};

use app::Assets;

use crate::ssg::{self, SsgError};

/// What cargo-leptos told this process of the site that it keeps building.
#[derive(Debug)]
pub struct Watch {
    /// The site's folder.
    pub site: PathBuf,
    /// The address to listen on.
    pub address: SocketAddr,
    files: String,
    reload_port: String,
}

impl Watch {
    /// Set when this process was started by `cargo leptos watch`.
    ///
    /// # Errors
    /// When the address that cargo-leptos gave is none.
    pub fn from_env() -> Result<Option<Self>, AddrParseError> {
        let variable = |name: &str| env::var(format!("LEPTOS_{name}")).unwrap_or_default();
        if variable("WATCH").is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            site: variable("SITE_ROOT").into(),
            address: variable("SITE_ADDR").parse()?,
            files: format!("/{}/{}", variable("SITE_PKG_DIR"), variable("OUTPUT_NAME")),
            reload_port: variable("RELOAD_PORT"),
        }))
    }

    /// Renders the pages into the site's folder.
    ///
    /// # Errors
    /// As [`ssg::write`].
    pub async fn render(&self) -> Result<(), SsgError> {
        let (files, port) = (&self.files, &self.reload_port);
        let boot = format!(
            "import init from \"{files}.js\";
init({{ module_or_path: \"{files}.wasm\" }});
const socket = new WebSocket(`ws://${{location.hostname}}:{port}/live_reload`);
socket.onmessage = ({{ data }}) => {{
  const {{ all, css }} = JSON.parse(data);
  if (all) location.reload();
  else if (css) document.querySelector(\"link[rel=stylesheet]\").href = `/${{css}}?${{Date.now()}}`;
}};"
        );
        let assets = Assets {
            style: format!("{files}.css"),
            script: format!("{files}.js"),
            wasm: format!("{files}.wasm"),
            boot: Some(boot),
        };
        ssg::write(&self.site, &assets, &[format!("ws://*:{port}")]).await.map(drop)
    }
}
