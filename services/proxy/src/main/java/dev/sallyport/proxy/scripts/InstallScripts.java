package dev.sallyport.proxy.scripts;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.TokenLabels;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.control.admission.AddressCounts;
import dev.sallyport.model.Secret;
import dev.sallyport.proxy.web.AuthDesk;
import dev.sallyport.proxy.web.Clients;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `/scripts/…`: shell scripts that install this cluster's version on a host, from packages that
/// this Proxy serves itself, so that a host needs no other way out.
///
/// Whatever is put into a script, by the operator or by who asks, is one word of the shell that
/// means nothing but itself. Nothing of the request but the token gets into one.
public final class InstallScripts {
  /// Packages that are sent at once; more wait for nobody, and are told to come again.
  static final int DOWNLOADS_MAX = 16;

  /// Of these to one address.
  static final int DOWNLOADS_OF_ADDRESS_MAX = 4;

  private static final Duration DOWNLOAD_BASE = Duration.ofMinutes(1);
  private static final long DOWNLOAD_BYTES_PER_SECOND_MIN = 64 * 1024;
  private static final int CHUNK = 64 * 1024;

  private static final String SHELL = "text/x-shellscript; charset=utf-8";
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,256}");
  private static final Pattern LABEL = Pattern.compile("[^,=\\p{Cntrl}]{1,512}");
  private static final Pattern PLACE = Pattern.compile("@([A-Z][A-Z0-9_]*)@");
  private static final int LABELS_MAX = 100;

  private final Facts facts;
  private final AuthDesk desk;
  private final PackageShelf shelf;
  private final Semaphore downloads = new Semaphore(DOWNLOADS_MAX);
  private final AddressCounts ofAddress = new AddressCounts(DOWNLOADS_OF_ADDRESS_MAX);
  private final LongSupplier nanos;

  /// What the scripts tell a host.
  ///
  /// @param proxyAddress `host:port` by which hosts reach this Proxy
  /// @param pins of the cluster, where this Proxy has no public certificate; two while the
  ///   authority's key is changed
  /// @param version the product's version
  public record Facts(Supplier<String> proxyAddress, Supplier<List<String>> pins, String version) {}

  /// @param packages the folder with the packages; need not be there
  /// @param nanos a clock that never goes back, such as `System::nanoTime`
  public InstallScripts(Facts facts, AuthDesk desk, Path packages, LongSupplier nanos) {
    this.nanos = nanos;
    this.facts = facts;
    this.desk = desk;
    this.shelf = new PackageShelf(packages, facts.version());
  }

  /// Adds the routes to a server that has its client's address.
  public void addTo(RoutesConfig routes) {
    var clients = new Clients();
    routes.get("/scripts/install.sh", context -> send(context, programs()));
    routes.get(
        "/scripts/{token}/install-database.sh",
        context -> {
          clients.limit(context);
          send(context, database(context));
        });
    routes.get("/webapi/packages/{name}", this::sendPackage);
  }

  private static void send(Context context, String script) {
    context.contentType(SHELL).result(script);
  }

  private String programs() {
    return head() + part("install-programs.sh");
  }

  private String head() {
    return "#!/bin/sh\n"
        + filled(
            part("install-common.sh"),
            Map.of(
                "PROXY", facts.proxyAddress().get(),
                "VERSION", facts.version(),
                "SUM_AMD64", shelf.sum("amd64").orElse(""),
                "SUM_ARM64", shelf.sum("arm64").orElse("")));
  }

  /// A refusal is a script too: whoever pipes it into a shell reads it there.
  private String database(Context context) {
    var token = context.pathParam("token");
    try {
      if (!TOKEN.matcher(token).matches()) {
        throw new ControlException(ErrorKind.BAD_PARAMETER, "this is no join token");
      }
      var told =
          desk.tokenLabels(
              new TokenQuestion(Secret.of(token), Clients.address(context).getHostAddress()));
      return head()
          + filled(
              part("install-database.sh"),
              Map.of(
                  "PINS",
                  String.join(" ", facts.pins().get()),
                  "MATCHERS",
                  "--dynamic-resources-labels=" + labels(told),
                  "TOKEN",
                  token,
                  "METHOD",
                  told.method().wireName()));
    } catch (ControlException e) {
      context.status(e.kind().status());
      return "#!/bin/sh\necho "
          + ShellWord.of("install: " + e.reason().replace("\0", ""))
          + " >&2\nexit 1\n";
    }
  }

  /// In one pass, so that nothing of what is put in is taken for a place to fill.
  private static String filled(String part, Map<String, String> words) {
    return PLACE
        .matcher(part)
        .replaceAll(place ->
            Matcher.quoteReplacement(
                ShellWord.of(Objects.requireNonNull(words.get(place.group(1)), place.group()))));
  }

  /// As a flag has them. Which databases a host serves is for a person to say.
  private static String labels(TokenLabels told) {
    if (told.labels().isEmpty()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "this token does not say which databases the host is to serve: add"
              + " suggested_agent_matcher_labels to its spec ('*': '*' for all of them)");
    }
    if (told.labels().size() > LABELS_MAX) {
      throw unfit();
    }
    return told.labels().entrySet().stream()
        .map(label -> plain(label.getKey()) + "=" + plain(one(label.getValue())))
        .collect(Collectors.joining(","));
  }

  private static String one(List<String> values) {
    if (values.size() != 1) {
      throw unfit();
    }
    return values.getFirst();
  }

  private static String plain(String text) {
    if (!LABEL.matcher(text).matches()) {
      throw unfit();
    }
    return text;
  }

  private static ControlException unfit() {
    return new ControlException(
        ErrorKind.BAD_PARAMETER,
        "suggested_agent_matcher_labels of this token can't be told to a host in a script: each"
            + " needs one value, without commas and equals signs");
  }

  private void sendPackage(Context context) throws IOException {
    var file =
        shelf
            .find(context.pathParam("name"))
            .orElseThrow(
                () -> new ControlException(ErrorKind.NOT_FOUND, "there is no such package"));
    var client = Clients.address(context);
    if (!ofAddress.open(client)) {
      throw tooMany("your address downloads several packages already; wait a moment");
    }
    try {
      if (!downloads.tryAcquire()) {
        throw tooMany("too many packages are being downloaded; wait a moment");
      }
      try {
        send(context, file);
      } finally {
        downloads.release();
      }
    } finally {
      ofAddress.closed(client);
    }
  }

  private static ControlException tooMany(String reason) {
    return new ControlException(ErrorKind.LIMIT_EXCEEDED, reason);
  }

  /// Whoever reads too slowly gives the place to somebody else.
  private void send(Context context, Path file) throws IOException {
    long size = Files.size(file);
    context.contentType("application/gzip");
    context.header("Content-Length", String.valueOf(size));
    long within = DOWNLOAD_BASE.plusSeconds(size / DOWNLOAD_BYTES_PER_SECOND_MIN).toNanos();
    long begun = nanos.getAsLong();
    var chunk = new byte[CHUNK];
    try (var in = Files.newInputStream(file)) {
      var out = context.outputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (nanos.getAsLong() - begun > within) {
          throw tooMany("the download takes too long");
        }
        out.write(chunk, 0, read);
      }
    }
  }

  private static String part(String name) {
    try (var in = Objects.requireNonNull(InstallScripts.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
