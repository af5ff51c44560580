#pragma once
#include "common/http/server.hpp"

namespace sluice::http {

/// The route table: which route answers a method on a path.
class Routes {
public:
    struct Match {
        const Route* route = nullptr;  ///< none: nothing answers this method there
        std::map<std::string, std::string> params;
        std::string allowed;  ///< the methods that the path knows, for an Allow header; empty: the path is unknown
    };

    /// Throws std::logic_error for a malformed pattern, or a second route for one method and pattern.
    void add(Route route);
    Match find(std::string_view method, const std::vector<std::string>& segments) const;
    std::vector<std::pair<std::string, std::string>> list() const;

private:
    struct Entry {
        Route route;
        std::vector<std::string> segments;
    };
    std::vector<std::unique_ptr<Entry>> entries_;  // sessions keep pointers to routes
};

}  // namespace sluice::http
