using System.Net;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary><c>docker login</c>: asks the registry whether it accepts the login, as dockerd does.</summary>
internal static class LoginCheck
{
    /// <exception cref="EngineException">It does not, or can't be reached.</exception>
    public static async Task Run(RegistryHosts hosts, RegistryLogin login, CancellationToken cancellation)
    {
        var host = await hosts.Find(RegistryHosts.DomainOf(login.ServerAddress));
        var session = new RegistrySession(host, login, []);
        using var response = await RegistryRetries.Run(
            host.Authority,
            () => session.Send(() => new(HttpMethod.Get, session.At("v2/")), cancellation),
            cancellation
        );
        if (response.StatusCode == HttpStatusCode.OK)
            return;
        throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new EngineException(401, $"Get \"{session.At("v2/")}\": unauthorized: incorrect username or password")
            : await RegistryAnswers.Refusal(response, "login", cancellation);
    }
}
