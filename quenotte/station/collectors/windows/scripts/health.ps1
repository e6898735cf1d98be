ConvertTo-Json -Compress @(Get-PhysicalDisk | ForEach-Object {
    [pscustomobject]@{ name = $_.FriendlyName; health = "$($_.HealthStatus)"; bus = "$($_.BusType)" } })
