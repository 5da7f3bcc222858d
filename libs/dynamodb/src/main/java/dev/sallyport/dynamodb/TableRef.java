package dev.sallyport.dynamodb;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One table in its one spelling, whether the client named it plainly or by an ARN of the table, or
/// of an index, stream, backup, export or import of it. Rules compare these and never what the
/// client wrote.
///
/// @param partition such as `aws`
/// @param region such as `us-east-1`; empty for a global table's ARN, which has none
/// @param accountId twelve digits
/// @param name the table's name
/// @param index the index that is read, if one is
public record TableRef(
    String partition, String region, String accountId, String name, Optional<String> index) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,255}");

  /// Everything below the table (index, stream, backup and so on) is optional.
  private static final Pattern ARN =
      Pattern.compile(
          "arn:(?<partition>aws[a-z-]{0,16}):dynamodb:(?<region>[a-z0-9-]{0,32}):(?<account>[0-9]{12}):"
              + "(?:table/(?<table>[a-zA-Z0-9_.-]{1,255})(?:/index/(?<index>[a-zA-Z0-9_.-]{1,255})"
              + "|/(?:stream|backup|export|import)/[a-zA-Z0-9:._-]{1,255})?"
              + "|global-table/(?<global>[a-zA-Z0-9_.-]{1,255}))");

  private static final int LENGTH_MAX = 1024;

  /// Reads a name or an ARN.
  ///
  /// @param home where a plain name belongs
  /// @return empty when the text is neither; DynamoDB would refuse it, too
  static Optional<TableRef> parse(String text, AwsHome home) {
    if (text.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    if (NAME.matcher(text).matches()) {
      return Optional.of(
          new TableRef(home.partition(), home.region(), home.accountId(), text, Optional.empty()));
    }
    Matcher arn = ARN.matcher(text);
    if (!arn.matches()) {
      return Optional.empty();
    }
    String table = arn.group("table") != null ? arn.group("table") : arn.group("global");
    return Optional.of(
        new TableRef(
            arn.group("partition"),
            arn.group("region"),
            arn.group("account"),
            table,
            Optional.ofNullable(arn.group("index"))));
  }

  /// Whether the text may be the name of an index.
  static boolean isIndexName(String text) {
    return NAME.matcher(text).matches();
  }

  TableRef withIndex(String indexName) {
    return new TableRef(partition, region, accountId, name, Optional.of(indexName));
  }

  /// Whether the table is of another account, region or partition than the database.
  public boolean isForeignTo(AwsHome home) {
    boolean sameRegion = region.equals(home.region()) || region.isEmpty();
    return !partition.equals(home.partition())
        || !sameRegion
        || !accountId.equals(home.accountId());
  }

  /// The ARN, with the index if there is one.
  public String arn() {
    return "arn:"
        + partition
        + ":dynamodb:"
        + region
        + ":"
        + accountId
        + ":table/"
        + name
        + index.map(i -> "/index/" + i).orElse("");
  }

  /// The table's name, with the index after a slash.
  public String display() {
    return name + index.map(i -> "/" + i).orElse("");
  }
}
