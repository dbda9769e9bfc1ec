using System.Net;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Builder;

/// <summary>The driver's handshakes with a builder that starts: they prove that it serves this job.</summary>
/// <param name="certificates">The job's.</param>
/// <param name="name">The builder's name, which its certificate has.</param>
/// <param name="time">The clock.</param>
internal sealed class BuilderHandshake(JobCertificates certificates, string name, TimeProvider time)
{
    private EndpointProbe? _probe;
    private long _firstTry;

    /// <summary>Where a builder of some address answers.</summary>
    public BuilderEndpoint EndpointOf(string address) => new(IPAddress.Parse(address), name);

    /// <summary>A try; each but the first after a pause.</summary>
    public async Task<ConnectionTry> Try(string address, CancellationToken end)
    {
        if (_probe is null)
            (_probe, _firstTry) = (new EndpointProbe(EndpointOf(address), certificates, time), time.GetTimestamp());
        else
            await Task.Delay(DialDelay.After(time.GetElapsedTime(_firstTry)), time, end);
        return await _probe.Try(end);
    }
}
