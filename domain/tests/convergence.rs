//! Several devices, a server, and everything that can go wrong between them: at the end all are alike, and
//! nothing that was acknowledged is lost.

use domain::simulation::{ModelServer, run};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 300, max_shrink_time: 15_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn devices_converge_and_lose_nothing(script in prop::collection::vec(any::<[u8; 4]>(), 1..220)) {
        run(&mut ModelServer::default(), &script);
    }
}
