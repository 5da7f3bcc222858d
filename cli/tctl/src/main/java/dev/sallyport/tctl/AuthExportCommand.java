package dev.sallyport.tctl;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl auth export --type=host`: the certificates of the cluster's authorities, for programs that
/// shall trust them; with `--keys` also the private keys, for a back-up.
@Command(name = "export", description = "Prints certificates of the cluster's authorities.")
final class AuthExportCommand implements Callable<Integer> {
  private static final String DER = "-der";

  private final Tool tool;

  @Option(names = "--type", description = "user, host, tls-user, tls-host, tls-user-der or so")
  @Nullable String type;

  @Option(names = "--keys", description = "private keys instead of certificates")
  boolean keys;

  @Option(names = "--fingerprint", description = "only the authority with that CA pin")
  @Nullable String fingerprint;

  @Option(names = "--out", description = "file to write (default: the output)")
  @Nullable Path file;

  AuthExportCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    String wanted = type == null ? "" : type;
    boolean der = wanted.endsWith(DER);
    String kind =
        switch (der ? wanted.substring(0, wanted.length() - DER.length()) : wanted) {
          case "" -> "";
          case "user", "tls-user" -> "user";
          case "host", "tls-host" -> "host";
          default ->
              throw new CommandFailed(
                  "unsupported CA type \"%s\" (expected: user, host, tls-user, tls-host, tls-user-der or tls-host-der)"
                      .formatted(wanted));
        };
    if (der && keys) {
      throw new CommandFailed("--keys prints PEM: leave out " + DER);
    }
    List<CertAuthority.KeyPair> pairs = pairs(kind);
    if (pairs.isEmpty()) {
      throw new CommandFailed("no authority matches");
    }
    if (der && pairs.size() > 1) {
      throw new CommandFailed(
          "DER holds one certificate, and there are %d: choose by --fingerprint"
              .formatted(pairs.size()));
    }
    write(der ? der(pairs.getFirst()) : text(pairs).getBytes(StandardCharsets.UTF_8));
    return 0;
  }

  private List<CertAuthority.KeyPair> pairs(String kind) {
    List<CertAuthority.KeyPair> pairs = new ArrayList<>();
    for (var resource : tool.withApi(api -> api.list(Kind.CERT_AUTHORITY, keys))) {
      if (resource instanceof CertAuthority authority
          && (kind.isEmpty() || authority.type().equals(kind))) {
        pairs.addAll(authority.active());
        pairs.addAll(authority.additional());
      }
    }
    Optional<String> pin = Optional.ofNullable(fingerprint).map(AuthExportCommand::plain);
    return pairs.stream()
        .filter(pair -> pin.isEmpty() || plain(pin(pair)).equals(pin.get()))
        .toList();
  }

  private static String plain(String pin) {
    return pin.startsWith("sha256:") ? pin.substring("sha256:".length()) : pin;
  }

  private static String pin(CertAuthority.KeyPair pair) {
    try {
      return CaPin.of(Pem.certificate(pair.certPem())).toString();
    } catch (PemException e) {
      throw unusable(e);
    }
  }

  private String text(List<CertAuthority.KeyPair> pairs) {
    var text = new StringBuilder();
    for (var pair : pairs) {
      text.append(
          keys
              ? pair.keyPem()
                  .map(Secret::reveal)
                  .orElseThrow(() -> new CommandFailed("the Auth Service sent no keys"))
              : pair.certPem());
    }
    return text.toString();
  }

  private static byte[] der(CertAuthority.KeyPair pair) {
    try {
      return Pem.certificate(pair.certPem()).getEncoded();
    } catch (PemException | java.security.cert.CertificateEncodingException e) {
      throw unusable(e);
    }
  }

  private static CommandFailed unusable(Exception e) {
    return new CommandFailed("the Auth Service's answer cannot be used: " + e.getMessage(), e);
  }

  private void write(byte[] bytes) {
    Path target = file;
    try {
      if (target == null) {
        tool.out().write(bytes);
        tool.out().flush();
      } else if (keys) {
        PrivateFile.write(target, new String(bytes, StandardCharsets.UTF_8));
      } else {
        Files.write(target, bytes);
      }
    } catch (IOException e) {
      throw new CommandFailed("cannot write " + target + ": " + e.getMessage(), e);
    }
  }
}
