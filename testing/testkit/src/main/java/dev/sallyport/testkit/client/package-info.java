/**
 * Clients of DynamoDB as users have them: the AWS SDK for Java, and the AWS CLI and boto3 where
 * they are installed. None knows that it talks to a tunnel.
 */
@NullMarked
package dev.sallyport.testkit.client;

import org.jspecify.annotations.NullMarked;
