package dev.sallyport.dynamodb;

/// The AWS APIs that a database gives access to.
public enum AwsService {
  /// Tables and items.
  DYNAMODB("dynamodb", "DynamoDB_20120810", "application/x-amz-json-1.0"),
  /// Changes of tables.
  STREAMS("dynamodb", "DynamoDBStreams_20120810", "application/x-amz-json-1.0"),
  /// Clusters of DynamoDB Accelerator: their management only, for its data path is not HTTP.
  DAX("dax", "AmazonDAXV3", "application/x-amz-json-1.1");

  private final String signingName;
  private final String targetPrefix;
  private final String contentType;

  AwsService(String signingName, String targetPrefix, String contentType) {
    this.signingName = signingName;
    this.targetPrefix = targetPrefix;
    this.contentType = contentType;
  }

  /// The service's name in a signature's scope.
  public String signingName() {
    return signingName;
  }

  /// What `X-Amz-Target` begins with, without the dot.
  public String targetPrefix() {
    return targetPrefix;
  }

  /// The content type of requests and answers.
  public String contentType() {
    return contentType;
  }
}
