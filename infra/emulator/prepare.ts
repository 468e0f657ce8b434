// After the bootstrap: an emulator speaks no TLS, which is all that the policy of the assets' bucket asks for.

import { DeleteBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";

const [account, region] = process.argv.slice(2);
const Bucket = `cdk-hnb659fds-assets-${account}-${region}`;
await new S3Client({ forcePathStyle: true }).send(new DeleteBucketPolicyCommand({ Bucket }));
