package dev.sallyport.audit;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import java.time.Instant;

/// Requests for tests of other packages.
public final class SampleRequests {

  private SampleRequests() {}

  /// An intent with this id.
  public static DynamoDbRequest intent(String uid, Instant time) {
    DynamoDbRequest sample = Samples.request(Outcome.INTENDED, "DynamoDB_20120810.GetItem");
    return new DynamoDbRequest(
        new EventHeader(uid, time, "example.com", 1),
        sample.user(),
        sample.session(),
        sample.database(),
        sample.serverId(),
        sample.method(),
        sample.path(),
        sample.rawQuery(),
        sample.target(),
        sample.tables(),
        sample.tableKnowledge(),
        sample.bodyBytes(),
        sample.bodyDigest(),
        sample.role(),
        sample.awsRoleArn(),
        Outcome.INTENDED,
        0,
        sample.awsRequestId(),
        sample.invocationId(),
        0,
        sample.error(),
        RequestDetail.NONE,
        CallDetail.NONE);
  }
}
