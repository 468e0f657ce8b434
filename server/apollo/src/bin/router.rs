//! Apollo Router as Apollo makes it, to be measured beside the product's own gateway.

fn main() -> anyhow::Result<()> {
    apollo_router::main()
}
