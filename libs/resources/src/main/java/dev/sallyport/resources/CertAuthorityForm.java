package dev.sallyport.resources;

import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Secret;
import dev.sallyport.resources.document.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The written form of a certificate authority's `spec`. Keys are written when the resource has
/// them; who may not see them must be given one without.
final class CertAuthorityForm {
  private CertAuthorityForm() {}

  static Optional<CertAuthority> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var type = spec.requiredText("type");
    var cluster = spec.requiredText("cluster_name");
    var active = pairs(spec.object("active_keys"));
    var additional = pairs(spec.object("additional_trusted_keys"));
    var rotation = RotationForm.read(spec.object("rotation"));
    var retired = retired(spec.object("retired_keys"));
    spec.finish();
    return rotation.flatMap(known ->
        spec.faults()
            .make(
                before,
                spec,
                () ->
                    new CertAuthority(
                        metadata, type, cluster, active, additional, known, retired)));
  }

  private static List<CertAuthority.Retired> retired(Fields keys) {
    var retired = new ArrayList<CertAuthority.Retired>();
    for (var tls : keys.objects("tls")) {
      var cert = tls.requiredText("cert");
      var at = tls.instant("retired").orElse(Instant.EPOCH);
      retired.add(new CertAuthority.Retired(cert, at));
      tls.finish();
    }
    keys.finish();
    return retired;
  }

  private static List<CertAuthority.KeyPair> pairs(Fields keys) {
    var pairs = new ArrayList<CertAuthority.KeyPair>();
    for (var tls : keys.objects("tls")) {
      var cert = tls.requiredText("cert");
      pairs.add(new CertAuthority.KeyPair(cert, tls.text("key").map(Secret::of)));
      tls.finish();
    }
    keys.finish();
    return pairs;
  }

  static Map<String, Object> write(CertAuthority authority) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("type", authority.type());
    spec.put("cluster_name", authority.clusterName());
    spec.put("active_keys", Map.of("tls", write(authority.active())));
    if (!authority.additional().isEmpty()) {
      spec.put("additional_trusted_keys", Map.of("tls", write(authority.additional())));
    }
    if (!authority.rotation().equals(CaRotation.NEVER)) {
      spec.put("rotation", RotationForm.write(authority.rotation()));
    }
    if (!authority.retired().isEmpty()) {
      var retired =
          authority.retired().stream()
              .map(one -> Map.of("cert", one.certPem(), "retired", one.at().toString()))
              .toList();
      spec.put("retired_keys", Map.of("tls", retired));
    }
    return spec;
  }

  private static List<Map<String, Object>> write(List<CertAuthority.KeyPair> pairs) {
    return pairs.stream().map(CertAuthorityForm::write).toList();
  }

  private static Map<String, Object> write(CertAuthority.KeyPair pair) {
    var map = new LinkedHashMap<String, Object>();
    map.put("cert", pair.certPem());
    pair.keyPem().ifPresent(key -> map.put("key", key.reveal()));
    return map;
  }
}
