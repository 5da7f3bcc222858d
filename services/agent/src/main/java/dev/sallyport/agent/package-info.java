/// The agent beside the database: proves the identity again, asks the policy, signs with AWS
/// credentials, forwards, records. Client credentials never leave this process towards the user. A
/// signed request can be made only under a permit that has not ended.
@NullMarked
package dev.sallyport.agent;

import org.jspecify.annotations.NullMarked;
