/// What DynamoDB speaks: operation targets, endpoints and partitions, request and error bodies, as
/// data. It opens no connection; agent and command line use it to read and to word messages. Limits
/// and names follow the AWS documentation.
@NullMarked
package dev.sallyport.dynamodb;

import org.jspecify.annotations.NullMarked;
