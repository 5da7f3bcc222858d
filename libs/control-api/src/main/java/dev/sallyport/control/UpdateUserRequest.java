package dev.sallyport.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replaces roles or traits of a user; what is absent stays.
public record UpdateUserRequest(
    Optional<List<String>> setRoles, Optional<Map<String, List<String>>> setTraits) {}
