package dev.sallyport.launcher;

import dev.sallyport.diagnostics.Diagnostics;
import dev.sallyport.diagnostics.ServiceName;
import dev.sallyport.model.HostPort;
import dev.sallyport.model.ProductVersion;
import java.io.IOException;
import java.util.List;

/// The listener of `teleport.diag_addr`.
final class DiagnosticsSetup {
  private DiagnosticsSetup() {}

  static Diagnostics listen(HostPort address, ServiceSet services) throws StartFailure {
    var expected =
        switch (services) {
          case CLUSTER -> List.of(ServiceName.AUTH, ServiceName.PROXY);
          case CLUSTER_WITH_DATABASES -> List.of(ServiceName.values());
          case AUTH -> List.of(ServiceName.AUTH);
          case PROXY -> List.of(ServiceName.PROXY);
          case DATABASES -> List.of(ServiceName.DB);
        };
    try {
      return Diagnostics.listen(
          ListenAddresses.socket(address), expected, System::nanoTime, ProductVersion.NUMBER);
    } catch (IOException e) {
      throw new StartFailure(
          "diagnostics can't listen on " + address + " (teleport.diag_addr): " + e.getMessage(), e);
    }
  }
}
