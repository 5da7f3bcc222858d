package dev.sallyport.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replaces roles or traits of a user; what is absent stays, and so does each trait that is not
/// named. A trait without values goes.
public record UpdateUserRequest(
    Optional<List<String>> setRoles, Optional<Map<String, List<String>>> setTraits) {}
