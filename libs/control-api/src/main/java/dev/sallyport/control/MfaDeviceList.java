package dev.sallyport.control;

import java.util.List;

/// The devices of the calling user, by name.
public record MfaDeviceList(List<MfaDevice> devices) {
  /// Copies.
  public MfaDeviceList {
    devices = List.copyOf(devices);
  }
}
