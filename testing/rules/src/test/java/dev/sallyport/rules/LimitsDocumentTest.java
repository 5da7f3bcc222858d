package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The numbers of the table of limits in `docs/security.md` are those of the code: constants, and
/// the values of records that are called `DEFAULT`, as the sources have them.
final class LimitsDocumentTest {
  private static final Pattern LENGTH_OF_TIME = Pattern.compile("Duration\\.of(\\w+)\\((.+)\\)");
  private static final Map<String, Set<String>> UNITS =
      Map.of(
          "Millis", Set.of(" ms"),
          "Seconds", Set.of(" s", " seconds"),
          "Minutes", Set.of(" min", " minutes", " minute"),
          "Hours", Set.of(" h", " hours"),
          "Days", Set.of(" days"));

  /// A row, by how its second cell begins, and the constants whose numbers stand in it in turn.
  private static final String ROWS =
      """
      request line and headers · body | ReaderLimits.DEFAULT[0] HeadParser.MAX_HEADERS ReaderLimits.DEFAULT[1]
      pace of a request | ReaderLimits.DEFAULT[2] ReaderLimits.DEFAULT[3] ReaderLimits.DEFAULT[2]
      idle connection | ReaderLimits.DEFAULT[4]
      an answer that the client does not read | ReaderLimits.DEFAULT[5]
      JSON of a body | RequestSummary.DEPTH_MAX RequestSummary.NAME_LENGTH_MAX RequestSummary.NUMBER_LENGTH_MAX RequestSummary.TABLES_MAX
      memory for bodies | AgentLimits.MOST_BODIES
      AWS is silent | UpstreamLimits.DEFAULT[1]
      connecting to AWS | NetRuntime.CONNECT_TIMEOUT UpstreamLimits.DEFAULT[0]
      idle connections to AWS | UpstreamLimits.DEFAULT[3] UpstreamLimits.DEFAULT[2]
      connections of all | ConnectionLimits.DEFAULT[0] ConnectionLimits.DEFAULT[1] ConnectionLimits.DEFAULT[2]
      requests in flight | ConnectionLimits.DEFAULT[3]
      tunnels whose idle time is known | IdleTimes.KEPT_MAX
      STS sessions cached | CredentialCache.MAX_SESSIONS CredentialCache.REFUSALS_KEPT
      session tags of a database | AwsSessionMarks.MAX_TAGS AwsSessionMarks.MAX_KEY AwsSessionMarks.MAX_VALUE
      own credentials | CredentialCommand.LIMIT CredentialText.MAX_BYTES WebIdentitySource.MAX_TOKEN
      credentials that AWS refuses | CredentialCache.REPLACED_AFTER
      AWS's clock | AwsClock.TOLERATED AwsClock.LARGEST
      sendings of a request whose signature | FirstAnswer.HELD_MAX
      audit records waiting for Auth | JournalSettings.DISK_BYTES JournalQueue.BYTES_MAX
      one recorded body | DbAudit.BODY_BYTES_MAX
      tables whose key is known | TableKeys.MAX
      values of one key attribute | RequestContent.VALUES_MAX
      text of a PartiQL statement | PartiqlMask.LENGTH_MAX
      a frame | FrameCodec.MAX_LENGTH
      connections | Gate.CONNECTIONS_MAX
      tunnels that wait for an agent | ParkedConnections.DEFAULT_QUEUE_MAX DatabaseConnection.OPEN_WITHIN
      sessions whose keys are held | WebSessions.SESSIONS_MAX
      PROXY header of a load balancer | ProxyHeaderParser.MAX_BYTES ProxyHeaderParser.LINE_MAX ProxyHeaderReader.HEADER_TIMEOUT
      ClientHello | ClientHelloParser.MAX_HELLO_BYTES ClientHelloRouter.HELLO_TIMEOUT
      packages that are downloaded | InstallScripts.DOWNLOADS_MAX InstallScripts.DOWNLOADS_OF_ADDRESS_MAX InstallScripts.DOWNLOAD_BYTES_PER_SECOND_MIN
      a WebSocket behind a load balancer | ConnectionUpgrade.MESSAGE_BYTES_MAX ConnectionUpgrade.IDLE_MAX
      refusals at its doors | RefusalReports.WAITING_MAX
      web request headers | WebServer.REQUEST_HEADER_BYTES_MAX RequestBody.BYTES_MAX
      strangers' refusals | StrangerLog.AUDITED_PER_SECOND
      one batch of an agent's journal | AuditIntake.BATCH_MAX JournalShipper.CHECKPOINTS_MAX
      value of a lock's target | LockTarget.MAX_LENGTH Lock.MAX_MESSAGE
      failed sign-ins of one name from one address | FailureBrake.PAIR_FAILURES FailureBrake.MEMORY
      failed sign-ins of one name from anywhere | FailureBrake.NAME_FAILURES FailureBrake.MEMORY
      tries that wait at once | FailureBrake.WAITING_MAX
      names, and names with an address | FailureBrake.ENTRIES_MAX
      one page of a list | ListPages.ENTRIES_MAX ListPages.LIFE
      password | PasswordHasher.LENGTH_MIN PasswordHasher.BYTES_MAX
      challenges that are out | JoinChallenges.OUT_MAX
      identity document of an instance | InstanceDocument.LENGTH_MAX
      a document: size | DocumentParser.MAX_DEPTH DocumentParser.MAX_ALIASES DocumentParser.MAX_NODES
      all documents | DocumentParser.MAX_TOTAL_NODES
      role mappings | ConnectorForm.MAX_MAPPINGS ConnectorForm.MAX_PATTERN
      expression of a role | Lexer.MAX_LENGTH ExpressionParser.MAX_DEPTH
      of a database | DynamicLabel.MAX_LABELS
      a command: time | LabelCommand.LIMIT DynamicLabel.MAX_VALUE
      a leaf | IdentityVerifier.MAX_CERTIFICATE
      """;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ROWS)
  void theNumbersOfARowAreThoseOfTheCode(String what, String constants) throws IOException {
    String numbers = row(what);
    int from = 0;
    for (var constant : constants.split(" ", -1)) {
      var spellings = spellings(constant);
      int begun = from;
      from =
          spellings.stream()
              .mapToInt(spelling -> endOf(spelling, numbers, begun))
              .filter(end -> end > 0)
              .min()
              .orElse(-1);
      assertThat(from).as("%s in turn in: %s", spellings, numbers).isPositive();
    }
  }

  private static int endOf(String spelling, String text, int from) {
    var found =
        Pattern.compile("(?<![0-9,.])" + Pattern.quote(spelling) + "(?![0-9])").matcher(text);
    return found.find(from) ? found.end() : -1;
  }

  private static List<String> rows() throws IOException {
    var page = Files.readString(SourceTree.root().resolve("docs/security.md"));
    var table = page.substring(page.indexOf("## Limits"));
    return table
        .substring(0, table.indexOf("## What went wrong"))
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(2)
        .toList();
  }

  private static String row(String what) throws IOException {
    var rows = rows();
    var named = rows.stream().filter(row -> cell(row, 2).equals(what)).findFirst();
    var found = rows.stream().filter(row -> cell(row, 2).startsWith(what)).toList();
    assertThat(found).as(what).isNotEmpty();
    // Of rows that begin alike the first is the local proxy's, which LocalLimitsTest holds.
    return cell(named.orElseGet(found::getLast), 3);
  }

  private static String cell(String row, int index) {
    return row.split(" ?\\| ?", -1)[index];
  }

  /// How a page may write the value of `Class.CONSTANT` or `Class.DEFAULT[place]`.
  private static List<String> spellings(String constant) throws IOException {
    int dot = constant.indexOf('.');
    int bracket = constant.indexOf('[');
    var name = constant.substring(dot + 1, bracket < 0 ? constant.length() : bracket);
    var source = source(constant.substring(0, dot), name);
    var assigned = Pattern.compile("\\b" + name + " *=\\s*([^;]+);").matcher(source);
    assertThat(assigned.find()).as(constant).isTrue();
    var value = assigned.group(1).strip();
    if (bracket >= 0) {
      var inner = value.substring(value.indexOf('(') + 1, value.lastIndexOf(')'));
      int place = Integer.parseInt(constant.substring(bracket + 1, constant.length() - 1));
      value = parts(inner).get(place);
    }
    var time = LENGTH_OF_TIME.matcher(value);
    if (!time.matches()) {
      return ofNumber(number(value));
    }
    long count = number(time.group(2));
    return UNITS.get(time.group(1)).stream()
        .flatMap(unit ->
            count == 1
                ? List.of("1" + unit, "a" + unit).stream()
                : List.of("%,d%s".formatted(count, unit)).stream())
        .toList();
  }

  private static List<String> ofNumber(long value) {
    var spellings = new ArrayList<>(List.of("%,d".formatted(value)));
    for (var unit : List.of("KiB", "MiB", "GiB")) {
      long size = 1L << (10 * (1 + List.of("KiB", "MiB", "GiB").indexOf(unit)));
      if (value >= size && value % size == 0) {
        spellings.addFirst(value / size + " " + unit);
      }
    }
    return spellings;
  }

  private static long number(String expression) {
    return LongStream.of(
            Pattern.compile("\\*")
                .splitAsStream(expression)
                .mapToLong(LimitsDocumentTest::shifted)
                .toArray())
        .reduce(1, (one, other) -> one * other);
  }

  private static long shifted(String expression) {
    var both = expression.replace("_", "").replace("L", "").strip().split(" *<< *", -1);
    long value = Long.parseLong(both[0]);
    return both.length == 1 ? value : value << Integer.parseInt(both[1]);
  }

  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int begun = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(begun, i).strip());
        begun = i + 1;
      }
    }
    parts.add(text.substring(begun).strip());
    return parts;
  }

  /// The source of the class of that name which has the constant.
  private static String source(String type, String constant) throws IOException {
    var found = new ArrayList<String>();
    for (var part : List.of("libs", "services")) {
      try (var files = Files.walk(SourceTree.root().resolve(part))) {
        files
            .filter(file -> file.endsWith(type + ".java") && file.toString().contains("/src/main/"))
            .map(LimitsDocumentTest::read)
            .filter(text -> text.contains(" " + constant + " ="))
            .forEach(found::add);
      }
    }
    assertThat(found).as(type + "." + constant).hasSize(1);
    return found.getFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
