//! Deployments by the CDK's command line.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::emulator::{self, ACCOUNT, REGION, address, variables};
use crate::{
    command::{output, program, run_quietly},
    progress::step,
};

/// The environment of the deployment's `config.ts` that an emulator gets.
const ENVIRONMENT: &str = "developer";

/// Deploys every stack of an environment to an emulator, and the built site; gives the file of what the stacks print.
pub(super) fn to_emulator(infra: &Path, functions: &Path, port: u16) -> Result<PathBuf> {
    let folder = emulator::folder()?;
    let outputs = folder.join("outputs.json");
    step("bootstrap", || {
        let mut bootstrap = cdk(infra, port);
        // Away from the definition, which it would synthesize for nothing.
        bootstrap.current_dir(&folder).args(["bootstrap", &format!("aws://{ACCOUNT}/{REGION}")]);
        run_quietly(&mut bootstrap)?;
        let mut prepare = program("node");
        prepare.current_dir(infra).args(["--import", "tsx", "emulator/prepare.ts", ACCOUNT, REGION]);
        run_quietly(prepare.envs(variables(port)))
    })?;
    step("deployment", || {
        let mut deploy = cdk(infra, port);
        deploy.current_dir(infra).arg("deploy").arg(format!("stack-{ENVIRONMENT}/*"));
        let context = [
            ("env", ENVIRONMENT.to_owned()),
            ("emulator", address(port)),
            ("lambdas", functions.display().to_string()),
            ("arch", std::env::consts::ARCH.replace("aarch64", "arm64")),
            // The emulator does not know `Fn::GetStackOutput`.
            ("@aws-cdk/core:defaultCrossStackReferences", "strong".to_owned()),
        ];
        deploy.args(context.iter().flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]));
        deploy.args(["--require-approval", "never", "--concurrency", "4", "--outputs-file"]).arg(&outputs);
        deploy.arg("--output").arg(folder.join("cdk.out"));
        run_quietly(&mut deploy)
    })?;
    step("site, uploaded", || {
        let mut upload = program("node");
        upload.current_dir(infra).args(["--import", "tsx", "scripts/upload.ts"]).arg(bucket(&outputs)?);
        output(upload.envs(variables(port))).map(drop)
    })?;
    Ok(outputs)
}

fn cdk(infra: &Path, port: u16) -> Command {
    let mut cdk = program("node");
    cdk.arg(infra.join("node_modules/.bin/cdk"));
    cdk.envs(variables(port)).env_remove("AWS_PROFILE").env("CDK_DISABLE_CLI_TELEMETRY", "true");
    cdk
}

fn bucket(outputs: &Path) -> Result<String> {
    let printed: serde_json::Value = serde_json::from_slice(&std::fs::read(outputs)?)?;
    let bucket = printed.get(format!("stack-{ENVIRONMENT}-edge")).and_then(|edge| edge.get("SiteBucket"));
    let bucket = bucket.and_then(|bucket| bucket.as_str());
    Ok(bucket.context("the deployment printed no SiteBucket")?.to_owned())
}
