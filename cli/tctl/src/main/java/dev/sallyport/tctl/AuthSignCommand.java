package dev.sallyport.tctl;

import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.UserCert;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl auth sign --user=ci --format=file --out=ci.pem`: an identity file for a program. The key
/// is made here and never sent.
@Command(name = "sign", description = "Makes an identity file for a user.")
final class AuthSignCommand implements Callable<Integer> {
  /// How long the certificate lives unless `--ttl` says otherwise; roles may shorten it.
  static final Duration IDENTITY_TTL = Duration.ofHours(12);

  private final Tool tool;

  @Option(names = "--user", description = "whom the file stands for")
  @Nullable String user;

  @Option(names = "--host", description = "not here: hosts get their certificates by joining")
  @Nullable String host;

  @Option(
      names = {"-o", "--out"},
      required = true,
      description = "file to write, readable by its owner only")
  Path file = Path.of("");

  @Option(
      names = "--format",
      defaultValue = "file",
      description = "file, or tls: OUT.key, OUT.crt and OUT.cas")
  String format = "file";

  @Option(names = "--ttl", description = "life of the certificate (default: 12h)")
  @Nullable String ttl;

  @Option(names = "--overwrite", description = "replace the file if it exists")
  boolean overwrite;

  AuthSignCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    if (host != null) {
      throw new CommandFailed(
          "certificates of hosts are given only to hosts that join, for keys that they made: run"
              + " 'tctl tokens add' and start the host with the token");
    }
    if (user == null) {
      throw new CommandFailed("--user is missing: whom the file stands for");
    }
    IdentityFormat chosen = IdentityFormat.parse(format);
    chosen.files(file).stream()
        .filter(written -> !overwrite && Files.exists(written))
        .findFirst()
        .ifPresent(there -> {
          throw new CommandFailed(
              "will not overwrite existing file " + there + ", use --overwrite to replace it");
        });
    Duration life = TtlOption.parse(ttl).orElse(IDENTITY_TTL);
    KeyPair keys = KeyPairs.generate();
    var request = new SignUserRequest(user, Optional.of(life), Pem.encode(keys.getPublic()));
    UserCert signed = tool.withApi(api -> api.signUser(request));
    try {
      var identity =
          new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(signed.certificate())));
      chosen.write(new IdentityFile(identity, signed.trust().toBundle()), file);
    } catch (PemException e) {
      throw new CommandFailed("the Auth Service's answer cannot be used: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailed("cannot write " + file + ": " + e.getMessage(), e);
    }
    tool.out()
        .printf(
            "The credentials have been written to %s (user %s, valid until %s)%n",
            chosen.files(file).stream().map(Path::toString).collect(Collectors.joining(", ")),
            signed.user(),
            signed.validUntil());
    return 0;
  }
}
