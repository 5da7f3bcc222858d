package dev.sallyport.dynamodb;

/// An operation of an AWS service. Instances come from [Operations], so whoever holds one holds a
/// known one.
///
/// @param service the API that it belongs to
/// @param name as in the API reference, such as `GetItem`
/// @param operationClass what it can do at worst
public record Operation(AwsService service, String name, OperationClass operationClass) {

  /// The value of `X-Amz-Target`.
  public String target() {
    return service.targetPrefix() + "." + name;
  }
}
