#pragma once
#include "common/core/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Takes a body while it arrives. Destroyed before the handler took it over: what was written is to be discarded.
class BodySink {
public:
    virtual ~BodySink() = default;
    /// A failure ends the request: retryable answers 503, poison 400, fatal 500, each with the failure's text.
    virtual core::Result<void> write(std::string_view bytes) = 0;
};

struct Request {
    std::string method;
    std::string target;                                      ///< as it was sent
    std::string path;                                        ///< the target without its query, as it was sent
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in the order sent
    Headers headers;                                         ///< names in lower case, in the order sent; no trailers
    std::string body;                                        ///< empty where the route has a sink
    std::shared_ptr<BodySink> sink;                          ///< the route's own, with the whole body written to it
    std::map<std::string, std::string> path_params;          ///< decoded once
    std::string peer;                                        ///< the address that the connection came from

    /// The first with this name, which is given in lower case.
    std::optional<std::string_view> header(std::string_view name) const;
    std::optional<std::string_view> parameter(std::string_view name) const;
};

struct Response {
    int status = 200;
    Headers headers = {};  ///< Content-Length, Connection and Date are the server's own
    std::string content_type = "application/json; charset=utf-8";
    std::string body = {};
};

/// Answers a request: once (later calls change nothing), on the executor's thread, now or later, also after the peer
/// went away. Where every copy is destroyed uncalled the server answers 500.
using Respond = std::function<void(Response)>;
using Handler = std::function<void(Request, Respond)>;

}  // namespace sluice::http
