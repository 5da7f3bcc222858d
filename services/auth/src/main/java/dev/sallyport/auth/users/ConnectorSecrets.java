package dev.sallyport.auth.users;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.authority.SigningKeyPair;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Gives a connector the secrets that its document left out: those that are kept, or new keys.
///
/// What is kept is used again only for the place that it was meant for. Otherwise who may write a
/// connector, but not read its secrets, could have them sent to a server of their own.
final class ConnectorSecrets {
  private static final String CLIENT_SECRET = "client_secret";
  private static final String SIGNING = "signing_key_pair";
  private static final List<String> PAIRS = List.of(SIGNING, "assertion_key_pair");
  private static final List<String> PLACES =
      List.of("client_id", "issuer_url", "endpoint_url", "api_endpoint_url", "mfa.client_id");

  private final Supplier<SigningKeyPair> newKeys;

  ConnectorSecrets(Supplier<SigningKeyPair> newKeys) {
    this.newKeys = newKeys;
  }

  AuthConnector complete(AuthConnector wanted, Optional<AuthConnector> stored) {
    var secrets = new HashMap<>(wanted.secrets());
    var settings = new LinkedHashMap<>(wanted.settings());
    stored.ifPresent(known -> keep(wanted, known, secrets, settings));
    if (wanted.kind() == Kind.SAML) {
      requireKeys(settings, secrets);
      if (!settings.containsKey(SIGNING)) {
        var keys = newKeys.get();
        settings.put(SIGNING, Map.of("cert", keys.certificatePem()));
        secrets.put(SIGNING + ".private_key", keys.privateKeyPem());
      }
    } else if (!secrets.containsKey(CLIENT_SECRET)) {
      throw bad("spec.client_secret: is missing");
    }
    return wanted.withSettings(settings).withSecrets(secrets);
  }

  private static void keep(
      AuthConnector wanted,
      AuthConnector known,
      Map<String, Secret> secrets,
      Map<String, Object> settings) {
    if (wanted.kind() == Kind.SAML && wanted.setting(SIGNING).isEmpty()) {
      known.setting(SIGNING).ifPresent(pair -> settings.put(SIGNING, pair));
    }
    known
        .secrets()
        .forEach((path, secret) -> {
          if (secrets.containsKey(path)) {
            return;
          }
          var pair = PAIRS.stream().filter(name -> path.startsWith(name + ".")).findFirst();
          if (pair.isPresent()) {
            // Of another certificate the key would be useless.
            if (known.setting(pair.get()).equals(Optional.ofNullable(settings.get(pair.get())))) {
              secrets.put(path, secret);
            }
          } else if (!path.startsWith("mfa.") || settings.containsKey("mfa")) {
            requireSamePlace(wanted, known, path);
            secrets.put(path, secret);
          }
        });
  }

  private static void requireSamePlace(AuthConnector wanted, AuthConnector known, String secret) {
    for (var place : PLACES) {
      if (!wanted.setting(place).equals(known.setting(place))) {
        throw bad(
            "spec.%s: is missing, and the kept one is not used for another %s: give it anew"
                .formatted(secret, place));
      }
    }
  }

  private static void requireKeys(Map<String, Object> settings, Map<String, Secret> secrets) {
    for (var pair : PAIRS) {
      if (settings.containsKey(pair) && !secrets.containsKey(pair + ".private_key")) {
        throw bad(
            "spec.%s.private_key: is missing, and there is no kept one for this certificate"
                .formatted(pair));
      }
    }
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorKind.BAD_PARAMETER, message);
  }
}
