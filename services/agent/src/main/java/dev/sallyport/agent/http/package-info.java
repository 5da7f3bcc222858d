/// HTTP/1.1 as the agent takes it from a client: one request at a time, held whole within a memory
/// budget, and nothing that two parsers could read differently. Knows no DynamoDB.
@NullMarked
package dev.sallyport.agent.http;

import org.jspecify.annotations.NullMarked;
