$kinds = @{}
Get-CimInstance Win32_DiskDrive | ForEach-Object { $kinds[[int]$_.Index] = "$($_.MediaType)" }
ConvertTo-Json -Compress @(Get-Disk | Where-Object { @('USB', 'SD', 'MMC') -contains "$($_.BusType)" -and
    $_.Size -gt 0 } | ForEach-Object {
    $letters = @($_ | Get-Partition -ErrorAction SilentlyContinue | Where-Object { $_.DriveLetter } |
        ForEach-Object { $_.DriveLetter })
    $ours = @($letters | Where-Object { Test-Path -LiteralPath "$($_):\QUENOTTE\disque.json" }).Count -gt 0
    [pscustomobject]@{ name = $_.FriendlyName; bus = "$($_.BusType)"; media = $kinds[[int]$_.Number];
        ours = $ours } })
