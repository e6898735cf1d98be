$mobile = (Get-CimInstance Win32_ComputerSystem).PCSystemType -eq 2
$batteries = @(Get-CimInstance Win32_Battery |
    Select-Object Name, BatteryStatus, EstimatedChargeRemaining)
[pscustomobject]@{ mobile = $mobile; batteries = $batteries } | ConvertTo-Json -Compress -Depth 4
