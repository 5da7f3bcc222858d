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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The numbers of the table of limits in `docs/security.md` are those of the code: constants, and
/// the values of records that are called `DEFAULT`, as the sources have them.
final class LimitsDocumentTest {
  private static final Pattern LENGTH_OF_TIME = Pattern.compile("Duration\\.of(\\w+)\\((.+)\\)");
  private static final Map<String, Set<String>> UNITS =
      Map.of(
          "Millis", Set.of(" ms"),
          "Seconds", Set.of(" s", " seconds", " second"),
          "Minutes", Set.of(" min", " minutes", " minute"),
          "Hours", Set.of(" h", " hours"),
          "Days", Set.of(" days"));

  /// A row, by how its second cell begins, and the constants whose numbers stand in it in turn.
  private static final String ROWS =
      """
      request line and headers | LocalProxyLimits.HEAD_BYTES_MAX RequestDecoder.HEADERS_MAX
      body | LocalProxyLimits.BODY_BYTES_MAX
      port that a browser brings the sign-in to | CallbackPort.REQUEST_TIME CallbackPort.CONNECTIONS_MAX
      client connections | LocalProxyLimits.standard[0]
      upstream connections | LocalProxyLimits.standard[1] LocalProxyLimits.standard[2] LocalProxyLimits.standard[3]
      requests that wait for a connection | LocalProxyLimits.standard[4] LocalProxyLimits.standard[5]
      bodies whose signature is not verified yet | LocalProxyLimits.HELD_BYTES_MAX
      time of a client's signature | SigV4Verifier.WINDOW
      control socket of a background tunnel | ControlSocket.WORD_BYTES_MAX
      idle upstream connection | LocalProxyLimits.standard[6] LocalProxyLimits.standard[7] LocalProxyLimits.standard[8] LocalProxyLimits.standard[8] LocalProxyLimits.standard[8]
      request line and headers · body | ReaderLimits.DEFAULT[0] HeadParser.MAX_HEADERS ReaderLimits.DEFAULT[1]
      pace of a request | ReaderLimits.DEFAULT[2] ReaderLimits.DEFAULT[3] ReaderLimits.DEFAULT[2]
      idle connection | ReaderLimits.DEFAULT[4]
      an answer that the client does not read | ReaderLimits.DEFAULT[5]
      JSON of a body | RequestSummary.DEPTH_MAX RequestSummary.NAME_LENGTH_MAX RequestSummary.NUMBER_LENGTH_MAX RequestSummary.TABLES_MAX
      memory for bodies | AgentLimits.MOST_BODIES
      requests that wait for that memory | BodyBudget.MAX_WAITING
      inner TLS of a connection | SessionDoor.HANDSHAKE_SECONDS
      headers of AWS's answer | AnswerDecoder.MAX_HEADERS
      connections parked at the Proxy | AgentLimits.ofThisProcess[0] AgentLimits.ofThisProcess[1]
      a silent view | ClusterView.FRESH_FOR ClusterView.BEST_EFFORT_FOR
      time that a request waits for its record | JournalSettings.of[7]
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
      liveness | TunnelTimings.DEFAULT[0] TunnelTimings.DEFAULT[1]
      connections that one agent parks | ParkedConnections.PARKED_PER_HOST_MAX
      a connection that one side has ended | Splice.HALF_CLOSED_IDLE
      handshakes, one address | Rate.HANDSHAKES[0] Rate.HANDSHAKES[1]
      sign-ins, one address | Rate.LOGIN[0] Rate.LOGIN[1]
      joins, one address | Rate.JOIN[0] Rate.JOIN[1]
      steps behind an invitation | Rate.INVITE[0] Rate.INVITE[1]
      web app, one address | Rate.BROWSER[0] Rate.BROWSER[1]
      other web requests, one address | Rate.WEB[0] Rate.WEB[1]
      web connection | WebServer.DEFAULT[0] WebServer.BODY_BYTES_PER_SECOND_MIN WebServer.DEFAULT[1]
      HTTP/2 | WebServer.STREAMS_MAX WebServer.CONTROL_FRAMES_PER_SECOND_MAX
      connections · a request and its answer | Diagnostics.CONNECTIONS_MAX Diagnostics.REQUEST_MAX
      connecting · an answer | JsonHttp.CONNECT_TIMEOUT JsonHttp.ANSWER_TIMEOUT JsonHttp.OPEN_TIMEOUT ClusterWatcher.SILENCE
      connections to Auth | AuthServer.CONNECTIONS_MAX AuthPatience.DEFAULT[0] AuthServer.BODY_BYTES_PER_SECOND_MIN AuthPatience.DEFAULT[1]
      headers of a request to Auth | AuthListener.HEADER_BYTES_MAX
      joins at Auth itself | Rate.JOIN[0] Rate.JOIN[1]
      a PROXY header with a signed address | ClientAddressProof.VALIDITY
      audit store | AuthAudit.DEFAULT[0] AuthAudit.DEFAULT[1]
      one record | AuditJson.LINE_BYTES_MAX
      copy of the audit log in files | AuthAudit.Files:DEFAULT[3] AuthAudit.Files:DEFAULT[1]
      one batch of an export | ExportSink.AT_ONCE[0] ExportSink.AT_ONCE[1] S3Export.RECORDS_MAX AuthAudit.BATCH_BYTES
      pause of an export that fails | Exporter.PAUSE_FIRST Exporter.PAUSE_MAX
      sign-ins of one user that were ended | SignOut.OF_USER_MAX
      web session unused | AuthPreference.WEB_USUAL CertificateAuthority.WEB_SESSION_MAX
      questions to STS under way | StsDoor.CALLS_MAX StsDoor.USUAL_LIMIT CallerIdentity.LENGTH_MAX
      its age | JoinTerms.AGE_USUAL JoinTerms.AGE_LONGEST InstanceCheck.AHEAD_MAX
      a file of AWS's certificates | InstanceCheck.CERTIFICATE_LENGTH_MAX
      regular expression | LabelPattern.MAX_REGEX LabelPattern.MAX_REPEAT
      text that an expression replaces | Replacement.MAX_RESULT
      template | TraitTemplate.MAX_LENGTH
      packages that a Proxy sends at once | InstallScripts.DOWNLOADS_MAX Rate.JOIN[0] Rate.JOIN[1]
      of one agent | DatabaseHeartbeat.DATABASES_MAX
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
      challenges that are out | JoinChallenges.OUT_MAX JoinChallenges.TTL
      identity document of an instance | InstanceDocument.LENGTH_MAX
      a document: size | DocumentParser.MAX_DEPTH DocumentParser.MAX_ALIASES DocumentParser.MAX_NODES
      all documents | DocumentParser.MAX_TOTAL_CHARACTERS DocumentParser.MAX_TOTAL_NODES
      role mappings | ConnectorForm.MAX_MAPPINGS ConnectorForm.MAX_PATTERN
      expression of a role | Lexer.MAX_LENGTH ExpressionParser.MAX_DEPTH
      of a database | DynamicLabel.MAX_LABELS
      a command: time | LabelCommand.LIMIT DynamicLabel.MAX_VALUE
      a leaf | IdentityVerifier.MAX_CERTIFICATE
      """;

  /// Rows whose number is no constant, and why.
  private static final Map<String, String> NOT_COMPARED =
      Map.of(
          "connections of one address", "none unless it is configured",
          "second factors and requests for a browser", "its own page tells the numbers");

  @Test
  void everyRowIsComparedOrSaysWhyNot() throws IOException {
    var keys =
        new ArrayList<>(
            ROWS.lines().map(line -> line.substring(0, line.indexOf('|')).strip()).toList());
    keys.addAll(NOT_COMPARED.keySet());
    var held = new ArrayList<String>();
    for (var key : keys) {
      held.add(row(key));
    }
    assertThat(held).doesNotHaveDuplicates();
    var unknown = rows().stream().filter(row -> !held.contains(row)).toList();
    assertThat(unknown).as("rows that nothing is said about here").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ROWS)
  void theNumbersOfARowAreThoseOfTheCode(String what, String constants) throws IOException {
    String numbers = cell(row(what), 3);
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

  /// The row whose second cell is this, or else the only one that begins so.
  private static String row(String what) throws IOException {
    var begins = rows().stream().filter(row -> cell(row, 2).startsWith(what)).toList();
    var named = begins.stream().filter(row -> cell(row, 2).equals(what)).toList();
    var found = named.isEmpty() ? begins : named;
    assertThat(found).as(what).hasSize(1);
    return found.getFirst();
  }

  private static String cell(String row, int index) {
    return row.split(" ?\\| ?", -1)[index];
  }

  /// How a page may write the value of `Class.CONSTANT`, or of one place of what `Class.DEFAULT` is
  /// made with, or of what `Class.method` gives back. `Inner:DEFAULT` is that of a class inside.
  private static List<String> spellings(String constant) throws IOException {
    int dot = constant.indexOf('.');
    int bracket = constant.indexOf('[');
    var name =
        constant.substring(dot + 1, bracket < 0 ? constant.length() : bracket).replace(':', ' ');
    var source = source(constant.substring(0, dot), name);
    var assigned = given(name).matcher(source);
    assertThat(assigned.find()).as(constant).isTrue();
    var value = assigned.group(1).strip();
    if (bracket >= 0) {
      var inner = value.substring(value.indexOf('(') + 1, value.lastIndexOf(')'));
      int place = Integer.parseInt(constant.substring(bracket + 1, constant.length() - 1));
      value = parts(inner).get(place);
    }
    var time = LENGTH_OF_TIME.matcher(value);
    if (name.endsWith("_MILLIS")) {
      return ofTime("Seconds", number(value) / 1000);
    }
    if (!time.matches()) {
      return ofNumber(number(value));
    }
    var spellings = new ArrayList<>(ofTime(time.group(1), number(time.group(2))));
    if (time.group(1).equals("Millis")) {
      spellings.add("%d a second".formatted(1000 / number(time.group(2))));
    }
    return spellings;
  }

  private static List<String> ofTime(String units, long count) {
    return UNITS.get(units).stream()
        .flatMap(unit ->
            count == 1
                ? List.of("1" + unit, "a" + unit).stream()
                : List.of("%,d%s".formatted(count, unit)).stream())
        .toList();
  }

  /// What a constant is set to, or a method gives back.
  private static Pattern given(String name) {
    return Pattern.compile("\\b" + name + "(?: *=|\\([^)]*\\) \\{[^}]*?return)\\s+([^;]+);");
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
    for (var part : List.of("cli", "libs", "services")) {
      try (var files = Files.walk(SourceTree.root().resolve(part))) {
        files
            .filter(file -> file.endsWith(type + ".java") && file.toString().contains("/src/main/"))
            .map(LimitsDocumentTest::read)
            .filter(text -> given(constant).matcher(text).find())
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
