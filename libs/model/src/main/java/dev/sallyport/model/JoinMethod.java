package dev.sallyport.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How a host shows that it may join.
public enum JoinMethod {
  /// It knows a secret.
  TOKEN("token"),
  /// It holds credentials of AWS: AWS says whose they are.
  IAM("iam"),
  /// It is an EC2 instance: its identity document, signed by AWS, says which.
  EC2("ec2");

  private final String wireName;

  JoinMethod(String wireName) {
    this.wireName = wireName;
  }

  /// Its name in files.
  public String wireName() {
    return wireName;
  }

  /// The method of a name; none for names of methods that do not exist here.
  public static Optional<JoinMethod> parse(String name) {
    return Arrays.stream(values()).filter(one -> one.wireName.equals(name)).findFirst();
  }

  /// The names of all.
  public static List<String> names() {
    return Arrays.stream(values()).map(JoinMethod::wireName).toList();
  }
}
