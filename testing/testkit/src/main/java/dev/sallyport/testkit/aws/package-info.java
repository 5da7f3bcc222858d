/// A stand-in for AWS: STS, and a gate that verifies signatures before DynamoDB Local or a scripted
/// answer. Signatures are verified with the AWS SDK's signers, never with ours. Everything binds to
/// loopback. [AwsStandIn] is the way in.
@NullMarked
package dev.sallyport.testkit.aws;

import org.jspecify.annotations.NullMarked;
