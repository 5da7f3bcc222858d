package dev.sallyport.tctl;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.console.profile.ProfileStore;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.config.AuthSection;
import dev.sallyport.resources.config.TeleportFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// As whom the tool acts, in this order: an identity file that was named; the administrator of the
/// Auth Service whose configuration file is here; the login that tsh left.
final class Identities {
  private static final String CONFIG_VARIABLE = "TELEPORT_CONFIG_FILE";
  private static final String AUTH_VARIABLE = "TELEPORT_AUTH_SERVER";

  private final Invocation invocation;

  Identities(Invocation invocation) {
    this.invocation = invocation;
  }

  /// A connection; nothing is sent yet.
  AdminApi connect(TctlCommand options) {
    Path named = options.identity;
    if (named != null) {
      return client(read(named), endpoint(options, "127.0.0.1"));
    }
    Optional<TeleportFile> config = config(options);
    Optional<AuthSection> auth = config.flatMap(TeleportFile::auth);
    if (config.isPresent() && auth.isPresent()) {
      String host = auth.get().listenAddr().host();
      String reachable = isAnyAddress(host) ? "127.0.0.1" : host;
      return client(
          administrator(config.get().teleport().dataDir()),
          authServer(options)
              .orElseGet(() -> new ControlEndpoint(reachable, auth.get().listenAddr().port())));
    }
    return login(options)
        .orElseThrow(() ->
            new CommandFailed(
                "tctl must be used on an Auth Service host or provided with credentials by"
                    + " logging in with tsh first."));
  }

  /// As the user who signed in with tsh, through that login's Proxy.
  private Optional<AdminApi> login(TctlCommand options) {
    var store =
        ProfileStore.of(
            new Console(
                invocation.in(),
                invocation.out(),
                invocation.err(),
                invocation.environment(),
                invocation.home(),
                invocation.clock()));
    try {
      var profile = store.current();
      var identity = profile.flatMap(store::identity);
      if (profile.isEmpty() || identity.isEmpty()) {
        return Optional.empty();
      }
      var proxy = profile.get().proxy();
      var end = identity.get().identity().leaf().getNotAfter().toInstant();
      if (!invocation.clock().instant().isBefore(end)) {
        throw new CommandFailed(
            "your login has expired at %s, please run: tsh login --proxy=%s --user=%s"
                .formatted(end, proxy.authority(), profile.get().user()));
      }
      return Optional.of(
          client(
              identity.get(),
              authServer(options)
                  .orElseGet(() -> new ControlEndpoint(proxy.host(), proxy.port()))));
    } catch (CommandFailure e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isAnyAddress(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.isEmpty();
  }

  private Optional<TeleportFile> config(TctlCommand options) {
    Path named = options.config;
    String variable = invocation.environment().get(CONFIG_VARIABLE);
    Path file =
        named != null ? named : variable != null ? Path.of(variable) : TeleportFile.USUAL_PATH;
    if (named == null && variable == null && !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(TeleportFile.read(file));
    } catch (InvalidDocument e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static IdentityFile administrator(Path dataDir) {
    Path file = dataDir.resolve("admin.pem");
    try {
      if (!Files.exists(file)) {
        throw new CommandFailed(
            "Could not load Teleport host UUID file at %s. Please make sure that a Teleport Auth Service instance is running on this host prior to using tctl or provide credentials by logging in with tsh first."
                .formatted(dataDir.resolve("host_uuid")));
      }
      return IdentityFile.read(file);
    } catch (AccessDeniedException e) {
      throw new CommandFailed(
          "cannot read %s: permission denied; run tctl as the user that runs the Auth Service, or log in with tsh first"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static IdentityFile read(Path file) {
    try {
      return IdentityFile.read(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailed("cannot use identity file " + file + ": not found", e);
    } catch (IOException e) {
      throw new CommandFailed("cannot use identity file " + file + ": " + e.getMessage(), e);
    }
  }

  private ControlEndpoint endpoint(TctlCommand options, String otherwise) {
    return authServer(options)
        .orElseGet(() -> new ControlEndpoint(otherwise, AuthSection.USUAL_PORT));
  }

  private Optional<ControlEndpoint> authServer(TctlCommand options) {
    @Nullable String text =
        options.authServer != null
            ? options.authServer
            : invocation.environment().get(AUTH_VARIABLE);
    try {
      return Optional.ofNullable(text)
          .map(address -> ControlEndpoint.parse(address, AuthSection.USUAL_PORT));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("--auth-server: " + e.getMessage(), e);
    }
  }

  private AdminApi client(IdentityFile identity, ControlEndpoint endpoint) {
    return new ControlAdminApi(
        new ControlClient(
            endpoint,
            identity.identity(),
            new IdentityVerifier(identity::trust, invocation.clock()),
            identity.trust().clusterName()),
        identity.trust());
  }
}
