//! Deployments by the CDK's command line: to an emulator, and to an account.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::emulator::{self, ACCOUNT, REGION, address, variables};
use crate::{
    command::{program, run as run_program, run_quietly},
    node,
    package::{self, Arch, Gateway},
    paths,
    progress::step,
    serve::{self, Profile},
    site::{self, Mode},
};

/// The environment of the deployment's `config.ts` that an emulator gets.
const EMULATED: &str = "developer";

#[derive(Args)]
pub(crate) struct Options {
    /// The environment, as `infra/config.ts` names it, or pr-N for the preview of pull request N
    #[arg(long, default_value = EMULATED)]
    env: String,
    /// What the functions run on
    #[arg(long, value_enum, default_value = "arm64")]
    arch: Arch,
    /// Which gateway, where it is not the one that `infra/config.ts` names for the environment
    #[arg(long, value_enum)]
    gateway: Option<Gateway>,
    /// Deploy what `cargo xtask assemble` has made, and build nothing
    #[arg(long)]
    assembled: bool,
    /// Put new code into functions without asking CloudFormation: for a developer's own environment
    #[arg(long)]
    hotswap: bool,
    /// Go on deploying whatever is packaged or changed in the definition
    #[arg(long)]
    watch: bool,
    /// Remove the environment with everything in it; production's data stays
    #[arg(long, conflicts_with_all = ["assembled", "hotswap", "watch"])]
    destroy: bool,
}

/// `cargo xtask deploy`: an environment in the account whose credentials are in the shell.
pub(crate) fn run(options: &Options) -> Result<()> {
    let infra = paths::root().join("infra");
    node::install(&infra)?;
    let mut stacks = Stacks::new(&infra, &options.env, options.arch.name())?;
    if options.destroy {
        return run_program(stacks.cdk("destroy").arg("--force"));
    }
    if options.assembled {
        stacks.assembly = Some(assembly());
    } else {
        build(options.arch, options.gateway)?;
        stacks.gateway(options.gateway);
    }
    let outputs = Place::file(&options.env);
    let mut deploy = stacks.cdk("deploy");
    deploy.args(["--require-approval", "never", "--outputs-file"]).arg(&outputs);
    if options.hotswap {
        deploy.arg("--hotswap-fallback");
    }
    run_program(&mut deploy)?;
    upload(&infra, &outputs, &[])?;
    println!("{} is at {}", options.env, printed(&outputs, "edge", "Url")?);
    if options.watch { run_program(stacks.cdk("watch").arg("--hotswap-fallback")) } else { Ok(()) }
}

#[derive(Args)]
pub(crate) struct Assembly {
    /// What the functions run on
    #[arg(long, value_enum, default_value = "arm64")]
    arch: Arch,
    /// Which gateway, where it is not the one that `infra/config.ts` names for each environment
    #[arg(long, value_enum)]
    gateway: Option<Gateway>,
}

/// `cargo xtask assemble`: everything that is needed to deploy any environment later, from target/assembly and
/// target/site.
pub(crate) fn assemble(options: &Assembly) -> Result<()> {
    let infra = paths::root().join("infra");
    node::install(&infra)?;
    build(options.arch, options.gateway)?;
    let mut synth = program("node");
    synth.current_dir(&infra).arg("node_modules/.bin/cdk").args(["synth", "--quiet", "--output"]);
    synth.arg(assembly()).args(["-c", &format!("arch={}", options.arch.name())]);
    if let Some(gateway) = options.gateway {
        synth.args(["-c", &format!("gateway={}", gateway.name())]);
    }
    step("assembly", || run_quietly(&mut synth))
}

fn assembly() -> PathBuf {
    paths::target().join("assembly")
}

/// The site and the functions.
fn build(arch: Arch, gateway: Option<Gateway>) -> Result<()> {
    crate::setup::run()?;
    site::build(Mode::Release, &serve::build_server(Profile::Dev)?)?;
    package::all(arch, gateway.unwrap_or(Gateway::Own))
}

/// Where an environment is that was deployed from here.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) stores: Stores,
}

/// Where it keeps everything.
#[derive(Debug, Clone)]
pub(crate) struct Stores {
    pub(crate) region: String,
    pub(crate) table: String,
    pub(crate) originals: String,
    pub(crate) variants: String,
}

impl Place {
    pub(crate) fn of(environment: &str) -> Result<Self> {
        let file = Self::file(environment);
        if !file.is_file() {
            bail!(
                "{environment} was not deployed from here: run `cargo xtask deploy --env {environment}` first"
            );
        }
        Ok(Self { url: printed(&file, "edge", "Url")?, stores: Stores::printed_in(&file)? })
    }

    fn file(environment: &str) -> PathBuf {
        paths::work().join(format!("deployed-{environment}.json"))
    }
}

impl Stores {
    /// As a deployment's stacks have printed them.
    pub(super) fn printed_in(outputs: &Path) -> Result<Self> {
        let printed = |name| printed(outputs, "data", name);
        Ok(Self {
            region: printed("Region")?,
            table: printed("TableName")?,
            originals: printed("OriginalsBucket")?,
            variants: printed("VariantsBucket")?,
        })
    }

    /// As the server is told of them.
    pub(crate) fn words(&self) -> [&str; 8] {
        let Self { region, table, originals, variants } = self;
        ["--region", region, "--table", table, "--originals", originals, "--variants", variants]
    }
}

/// Deploys every stack of an environment to an emulator, and the built site; gives the file of what the stacks print.
pub(super) fn to_emulator(infra: &Path, functions: &Path, port: u16, gateway: Gateway) -> Result<PathBuf> {
    let folder = emulator::folder()?;
    let outputs = folder.join("outputs.json");
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
    let mut stacks = Stacks::new(infra, EMULATED, arch)?;
    stacks.say("emulator", &address(port));
    stacks.gateway(Some(gateway));
    stacks.say("lambdas", &functions.display().to_string());
    // The emulator does not know `Fn::GetStackOutput`.
    stacks.say("@aws-cdk/core:defaultCrossStackReferences", "strong");
    stacks.variables = variables(port).to_vec();
    step("bootstrap", || {
        let mut bootstrap = stacks.program();
        // Away from the definition, which it would synthesize for nothing.
        bootstrap.current_dir(&folder).args(["bootstrap", &format!("aws://{ACCOUNT}/{REGION}")]);
        run_quietly(&mut bootstrap)?;
        let mut prepare = program("node");
        prepare.current_dir(infra).args(["--import", "tsx", "emulator/prepare.ts", ACCOUNT, REGION]);
        run_quietly(prepare.envs(variables(port)))
    })?;
    step("deployment", || {
        let mut deploy = stacks.cdk("deploy");
        deploy.args(["--require-approval", "never", "--concurrency", "4", "--outputs-file"]).arg(&outputs);
        run_quietly(deploy.arg("--output").arg(folder.join("cdk.out")))
    })?;
    step("site, uploaded", || upload(infra, &outputs, &variables(port)))?;
    Ok(outputs)
}

/// The stacks of an environment, as the CDK is told of them.
struct Stacks<'i> {
    infra: &'i Path,
    environment: String,
    context: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// What was synthesized before.
    assembly: Option<PathBuf>,
}

impl<'i> Stacks<'i> {
    fn new(infra: &'i Path, environment: &str, arch: &str) -> Result<Self> {
        let known = environment.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        if environment.is_empty() || !known {
            bail!("`{environment}` names no environment: infra/config.ts has their names");
        }
        let environment = environment.to_owned();
        let mut stacks =
            Self { infra, environment, context: Vec::new(), variables: Vec::new(), assembly: None };
        match stacks.environment.strip_prefix("pr-").map(str::to_owned) {
            Some(number) => stacks.say("pr", &number),
            None => stacks.say("env", &stacks.environment.clone()),
        }
        stacks.say("arch", arch);
        Ok(stacks)
    }

    /// What the definition is told.
    fn say(&mut self, name: &str, value: &str) {
        self.context.extend(["-c".to_owned(), format!("{name}={value}")]);
    }

    fn gateway(&mut self, gateway: Option<Gateway>) {
        if let Some(gateway) = gateway {
            self.say("gateway", gateway.name());
        }
    }

    fn program(&self) -> Command {
        let mut cdk = program("node");
        cdk.current_dir(self.infra).arg(self.infra.join("node_modules/.bin/cdk"));
        cdk.env("CDK_DISABLE_CLI_TELEMETRY", "true");
        if !self.variables.is_empty() {
            cdk.env_remove("AWS_PROFILE");
        }
        cdk.envs(self.variables.iter().map(|(name, value)| (name, value)));
        cdk
    }

    fn cdk(&self, chore: &str) -> Command {
        let mut cdk = self.program();
        cdk.arg(chore).arg(format!("stack-{}/*", self.environment));
        match &self.assembly {
            Some(assembly) => cdk.arg("--app").arg(assembly),
            None => cdk.args(&self.context),
        };
        cdk
    }
}

/// Copies the built site into the bucket that the stacks printed.
fn upload(infra: &Path, outputs: &Path, variables: &[(&'static str, String)]) -> Result<()> {
    let mut upload = program("node");
    upload.current_dir(infra).args(["--import", "tsx", "scripts/upload.ts"]);
    upload.arg(printed(outputs, "edge", "SiteBucket")?);
    run_quietly(upload.envs(variables.iter().map(|(name, value)| (name, value))))
}

/// What a stack printed.
pub(super) fn printed(outputs: &Path, stack: &str, name: &str) -> Result<String> {
    let read = fs::read(outputs).with_context(|| format!("reading {}", outputs.display()))?;
    let stacks: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&read)?;
    let found = stacks.iter().find(|(title, _)| title.ends_with(&format!("-{stack}")));
    let value = found.and_then(|(_, outputs)| outputs.get(name)?.as_str());
    Ok(value.with_context(|| format!("the stack {stack} printed no {name}"))?.to_owned())
}
